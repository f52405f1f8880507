import { CliError } from './cli-error.ts';

/** Aborted by the first signal to end, with advice that names it. Further ones are ignored: npm passes a Ctrl-C on to us that the terminal sent us already. */
export const abortOnSignal = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort(new CliError(`Stopped by ${signal}.`)));
  }

  return controller.signal;
};
