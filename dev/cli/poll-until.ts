import { setTimeout as delay } from 'node:timers/promises';

export interface PollOptions {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** Rejects the poll when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Reads until the value is as wanted or the time is up. Returns the last value in both cases. */
export const pollUntil = async <T>(
  read: () => Promise<T>,
  isWanted: (found: T) => boolean,
  { timeoutMs, intervalMs, signal }: PollOptions,
): Promise<T> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await read();
    if (isWanted(found) || Date.now() > deadline) return found;
    await delay(intervalMs, undefined, signal && { signal });
  }
};
