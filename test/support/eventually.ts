import { setTimeout as pause } from 'node:timers/promises';
import { patience } from './timeout-factor.ts';

interface Patience {
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/** Tries the assertion until it holds, and gives its value; past the deadline its last failure is the test's. */
export const eventually = async <T>(
  assertion: () => Promise<T>,
  { withinMs = 45_000, everyMs = 100 }: Patience = {},
): Promise<T> => {
  const deadline = performance.now() + withinMs * patience;
  for (;;) {
    try {
      return await assertion();
    } catch (failure) {
      if (performance.now() >= deadline) throw failure;
    }
    await pause(everyMs);
  }
};
