import { setTimeout as pause } from 'node:timers/promises';
import { timeoutFactor } from './timeout-factor.ts';

interface WaitOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/** Retries the assertion until it passes and returns its value; after the timeout throws its last failure. */
export const eventually = async <T>(
  assertion: () => Promise<T>,
  { timeoutMs: withinMs = 45_000, intervalMs: everyMs = 100 }: WaitOptions = {},
): Promise<T> => {
  const deadline = performance.now() + withinMs * timeoutFactor;
  for (;;) {
    try {
      return await assertion();
    } catch (failure) {
      if (performance.now() >= deadline) throw failure;
    }
    await pause(everyMs);
  }
};
