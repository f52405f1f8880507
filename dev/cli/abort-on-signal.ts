import { Advice } from './cli-error.ts';

/** Aborted by the first signal to end, with advice that names it. Further ones are ignored: npm passes a Ctrl-C on to us that the terminal sent us already. */
export const interruption = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort(new Advice(`Stopped by ${signal}.`)));
  }

  return controller.signal;
};
