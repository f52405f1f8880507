import { runCommand } from './cli/cli-error.ts';
import { parseCommandLine } from './cli/parse-args.ts';
import { formatReconciliation } from './demo/format.ts';
import { readStack, runningStack } from './local/stack-descriptor.ts';
import { reconcileStack, reconcileStage } from './ops/reconcile-stack.ts';

const usage = `npm run reconcile
  --stack <file>   of the stack that a descriptor names, for example .local/localstack/stack.json; that of npm start unless given
  --stage <name>   of a stage in the account that the environment's AWS credentials open: sandbox or production`;

/** Proves the books of a stack. The exit code is 0 only if all of them agree. */
await runCommand(async () => {
  const { values } = parseCommandLine(
    {
      options: { stack: { type: 'string' }, stage: { type: 'string' } },
    },
    usage,
  );
  const { stack, stage } = values;

  const report = stage
    ? await reconcileStage(stage)
    : await reconcileStack(stack ? readStack(stack) : await runningStack());
  console.log(formatReconciliation(report));
  if (!report.isReconciled) process.exitCode = 1;
});
