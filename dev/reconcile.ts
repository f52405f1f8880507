import { Advice, command } from './cli/cli-error.ts';
import { argumentsOf } from './cli/parse-args.ts';
import { proofText } from './demo/format.ts';
import { readStack, runningStack } from './local/stack-descriptor.ts';
import { proofOf, proofOfStage } from './ops/reconcile-stack.ts';

const usage = `npm run books -- prove
  --stack <file>   of the stack that a descriptor names, for example .local/localstack/stack.json; that of npm start unless given
  --stage <name>   of a stage in the account that the environment's AWS credentials open: sandbox or production`;

/** Proves the books of a stack. The exit code is 0 only if all of them agree. */
await command(async () => {
  const { values, positionals } = argumentsOf(
    {
      options: { stack: { type: 'string' }, stage: { type: 'string' } },
      allowPositionals: true,
    },
    usage,
  );
  if (positionals.join(' ') !== 'prove') throw new Advice(usage);
  const { stack, stage } = values;

  const proof = stage
    ? await proofOfStage(stage)
    : await proofOf(stack ? readStack(stack) : await runningStack());
  console.log(proofText(proof));
  if (!proof.isProved) process.exitCode = 1;
});
