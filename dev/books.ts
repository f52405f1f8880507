import { parseArgs } from 'node:util';
import { Advice, command } from './advice.ts';
import { proofText } from './print.ts';
import { proofOf } from './proof.ts';
import { readStack, runningStack } from './stack.ts';

const usage =
  'For example: npm run books -- prove (the stack of npm start), or npm run books -- prove --stack .local/localstack/stack.json';

/** Proves the books of a stack. The exit code is 0 only if all of them agree. */
await command(async () => {
  const { values, positionals } = parseArgs({
    options: { stack: { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.join(' ') !== 'prove') throw new Advice(usage);

  const proof = await proofOf(values.stack ? readStack(values.stack) : await runningStack());
  console.log(proofText(proof));
  if (!proof.isProved) process.exitCode = 1;
});
