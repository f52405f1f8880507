import { describe, expect, it } from 'vitest';
import { pollUntil } from '../../../../dev/cli/poll-until.ts';

const counter = () => {
  let reads = 0;

  return async () => {
    reads += 1;
    return reads;
  };
};

describe('poll until', () => {
  it('reads until the value is as wanted', async () => {
    const options = { timeoutMs: 60_000, intervalMs: 1 };

    expect(await pollUntil(counter(), (reads) => reads === 3, options)).toBe(3);
  });

  it('returns the last value after the timeout', async () => {
    const options = { timeoutMs: -1, intervalMs: 1 };

    expect(await pollUntil(counter(), () => false, options)).toBe(1);
  });

  it('rejects during the interval when the signal aborts', async () => {
    const controller = new AbortController();
    const options = { timeoutMs: 60_000, intervalMs: 60_000, signal: controller.signal };
    const polling = pollUntil(counter(), () => false, options);

    controller.abort();

    await expect(polling).rejects.toThrow('aborted');
  });
});
