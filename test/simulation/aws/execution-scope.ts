import type { After } from './deadline.ts';

/** What runs together and is stopped together. Nothing of a stopped scope continues. */
export interface Scope {
  readonly stop: () => void;
  /** Calls at a stop, and returns how to forget it. */
  readonly onStop: (run: () => void) => () => void;
  /** Settles as the promise does, or never after a stop. */
  readonly unlessStopped: <T>(promise: Promise<T>) => Promise<T>;
  readonly wait: (ms: number) => Promise<void>;
}

/** A scope within its parent: it stops with it. */
export const createScope = (after: After, parent?: Scope): Scope => {
  const stops = new Set<() => void>();
  let isStopped = false;
  const onStop = (run: () => void) => {
    stops.add(run);

    return () => stops.delete(run);
  };
  const stop = () => {
    isStopped = true;
    forget?.();
    for (const run of stops) run();
    stops.clear();
  };
  const forget = parent?.onStop(stop);

  return {
    stop,
    onStop,
    unlessStopped: (promise) =>
      new Promise((resolve, reject) => {
        promise.then(
          (value) => isStopped || resolve(value),
          (error) => isStopped || reject(error),
        );
      }),
    wait: (ms) =>
      new Promise((resolve) => {
        const cancel = after(ms, () => {
          remove();
          resolve();
        });
        const remove = onStop(cancel);
      }),
  };
};
