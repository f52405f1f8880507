import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { interruption } from './cli/abort-on-signal.ts';
import { Advice, command } from './cli/cli-error.ts';
import { argumentsOf } from './cli/parse-args.ts';
import { root } from './cli/paths.ts';
import { stepFor } from './cli/progress.ts';
import { invitation } from './demo/format.ts';
import { show } from './demo/run-demo.ts';
import { requestToken } from './local/issuer.ts';
import { startLocalStack } from './local/local-stack.ts';

const usage =
  'npm start takes --once (stop after the demo) and --port <number> (of the local AWS).';

const options = () => {
  const { values } = argumentsOf(
    { options: { once: { type: 'boolean', default: false }, port: { type: 'string' } } },
    usage,
  );
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new Advice(`${values.port} is not a port.\n${usage}`);
  }
  return { once: values.once, port };
};

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

/** Gives up the work when the signal is given or the local AWS dies, which explains every failure that it causes. */
const unlessEnded = <T>(work: Promise<T>, death: Promise<never>, signal: AbortSignal): Promise<T> =>
  Promise.race([
    death,
    aborted(signal).then((): never => {
      throw signal.reason;
    }),
    work.catch(async (error) => {
      await Promise.race([death, delay(1_000)]);
      throw error;
    }),
  ]);

await command(async () => {
  const { once, port } = options();
  const signal = interruption();
  const step = stepFor(process.stdout);
  const directory = join(root, '.local');
  const { stack, died, stop } = await startLocalStack({ directory, port, step, signal });
  const death = died.then((sentence): never => {
    throw new Advice(sentence);
  });

  try {
    const isAsPromised = await unlessEnded(show(stack, step), death, signal);
    if (!isAsPromised) process.exitCode = 1;
    if (once) return;

    const token = await requestToken(stack.tokenUrl, { sub: 'alice' });
    console.log(`\n${invitation(stack, token)}\n\nCtrl-C stops it.`);
    await Promise.race([death, aborted(signal)]);
  } finally {
    await step('Stopping', stop);
  }
});
