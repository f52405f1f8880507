import { CliError } from './cli-error.ts';

/**
 * Returns a signal that SIGINT, SIGTERM or SIGHUP aborts, with a CliError that names it. Later ones are ignored, because
 * npm forwards a Ctrl-C that the terminal already sent.
 */
export const abortOnSignal = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort(new CliError(`Stopped by ${signal}.`)));
  }

  return controller.signal;
};
