import { Advice, command } from './advice.ts';
import { argumentsOf } from './arguments.ts';
import { proofText } from './print.ts';
import { proofOf, proofOfStage } from './proof.ts';
import { readStack, runningStack } from './stack.ts';

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
