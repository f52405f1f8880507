import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startCheckout } from './checkout/checkout-server.ts';
import { abortOnSignal } from './cli/abort-on-signal.ts';
import { CliError, runCommand } from './cli/cli-error.ts';
import { parseCommandLine } from './cli/parse-args.ts';
import { root } from './cli/paths.ts';
import { progressFor } from './cli/progress.ts';
import { formatNextSteps } from './demo/format.ts';
import { runDemo } from './demo/run-demo.ts';
import { shop } from './demo/shop.ts';
import { requestToken } from './local/issuer.ts';
import { startLocalStack } from './local/local-stack.ts';

const usage = 'npm start [-- --once (stop after the demo)] [--port <number> (of the local AWS)]';

const parseOptions = () => {
  const { values } = parseCommandLine(
    { options: { once: { type: 'boolean', default: false }, port: { type: 'string' } } },
    usage,
  );
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new CliError(`${values.port} is not a port.\n${usage}`);
  }
  return { once: values.once, port };
};

const waitForAbort = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

/** Rejects if the signal aborts or the local AWS exits. An exit takes precedence over the errors that it causes. */
const abortOnExit = <T>(
  work: Promise<T>,
  exited: Promise<never>,
  signal: AbortSignal,
): Promise<T> =>
  Promise.race([
    exited,
    waitForAbort(signal).then((): never => {
      throw signal.reason;
    }),
    work.catch(async (error) => {
      await Promise.race([exited, delay(1_000)]);
      throw error;
    }),
  ]);

await runCommand(async () => {
  const { once, port } = parseOptions();
  const signal = abortOnSignal();
  const step = progressFor(process.stdout);
  const directory = join(root, '.local');
  const { stack, unexpectedExit, stop } = await startLocalStack({ directory, port, step, signal });
  const exited = unexpectedExit.then((message): never => {
    throw new CliError(message);
  });

  try {
    const isAsExpected = await abortOnExit(runDemo(stack, step), exited, signal);
    if (!isAsExpected) process.exitCode = 1;
    if (once) return;

    const checkout = await startCheckout(stack, shop);
    const token = await requestToken(stack.tokenUrl, { sub: 'alice' });
    console.log(
      `\n${formatNextSteps(stack, { token, checkoutUrl: checkout.url })}\n\nCtrl-C stops it.`,
    );
    await Promise.race([exited, waitForAbort(signal)]).finally(() => checkout.close());
  } finally {
    await step('Stopping', stop);
  }
});
