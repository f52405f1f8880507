import { runCommand } from './cli/cli-error.ts';
import { parseCommandLine } from './cli/parse-args.ts';
import { readStack, runningStack } from './local/stack-descriptor.ts';
import { formatReconciliation } from './ops/format-reconciliation.ts';
import { reconcileStack, reconcileStage } from './ops/reconcile-stack.ts';

const usage = `npm run reconcile
  --stack <file>   descriptor of a local stack, for example .local/localstack/stack.json; default: npm start
  --stage <name>   a stage in the account of your AWS credentials: sandbox or production`;

/** Reconciles a stack. The exit code is 0 only if there is no discrepancy. */
await runCommand(async () => {
  const { values } = parseCommandLine(
    { options: { stack: { type: 'string' }, stage: { type: 'string' } } },
    usage,
  );
  const { stack, stage } = values;

  const report = stage
    ? await reconcileStage(stage)
    : await reconcileStack(stack ? readStack(stack) : await runningStack());
  console.log(formatReconciliation(report));
  if (!report.isReconciled) process.exitCode = 1;
});
