/** Runs something after milliseconds, and returns how to cancel it. */
export type After = (ms: number, run: () => void) => () => void;

/** Settles as the promise does; `onTimeout` settles it if that takes longer. What runs is not stopped. */
export const withDeadline = <T>(
  running: Promise<T>,
  after: After,
  timeoutMs: number,
  onTimeout: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = after(timeoutMs, () => onTimeout(resolve, reject));
    running.then(resolve, reject).finally(cancel);
  });
