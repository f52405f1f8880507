import { describe, expect, it } from 'vitest';
import { completed, pending, reading, stored } from './harness.ts';

const failed = stored({ status: 'FAILED', version: 3 });
const compensated = stored({ status: 'COMPENSATED', version: 4 });
const prefer = 'wait=20, released';

describe('get payment with Prefer: wait, released', () => {
  it('waits until a failed payment is compensated', async () => {
    const { get, waitedMs } = reading([0, pending], [1, failed], [3, compensated]);

    const { headers, body } = await get({ prefer });

    expect(body).toMatchObject({ status: 'FAILED', released: true });
    expect(headers).toMatchObject({ etag: '"4"', 'preference-applied': 'wait=20, released' });
    expect(waitedMs()).toBeGreaterThanOrEqual(3_000);
    expect(waitedMs()).toBeLessThanOrEqual(4_000);
  });

  it('waits until a late capture is refunded', async () => {
    const { get } = reading(
      [0, stored({ status: 'LATE_CAPTURED', version: 5 })],
      [2, stored({ status: 'REVERSED', version: 6 })],
    );

    expect((await get({ prefer })).body).toMatchObject({ stage: 'REVERSED', released: true });
  });

  it.each([
    ['completed', completed],
    ['released already', compensated],
  ])('returns immediately for a payment that is %s', async (_what, payment) => {
    const { get, waitedMs } = reading([0, payment]);

    expect((await get({ prefer })).headers['preference-applied']).toBe('wait=20, released');
    expect(waitedMs()).toBe(0);
  });

  it('waits to the end if it is not released in time', async () => {
    const { get, waitedMs } = reading([0, failed]);

    const { body } = await get({ prefer: 'wait=5, released' });

    expect(body).toMatchObject({ stage: 'FAILED' });
    expect(body).not.toHaveProperty('released');
    expect(waitedMs()).toBe(5_000);
  });

  it.each([
    'Released, wait=5',
    'wait=5,released',
    'wait=5, released;foo=bar',
    'wait=5 , released ',
  ])('reads the Prefer header %j', async (sent) => {
    const { get, waitedMs } = reading([0, failed]);

    expect((await get({ prefer: sent })).headers['preference-applied']).toBe('wait=5, released');
    expect(waitedMs()).toBe(5_000);
  });

  it.each(['wait=5, unreleased', 'wait=5; released', 'wait=5', 'wait=5, released=no'])(
    'does not wait for the release with %j',
    async (sent) => {
      const { get, waitedMs } = reading([0, failed]);

      expect((await get({ prefer: sent })).headers['preference-applied']).toBe('wait=5');
      expect(waitedMs()).toBe(0);
    },
  );

  it('does not wait without a wait preference', async () => {
    const { get, waitedMs } = reading([0, failed]);

    expect((await get({ prefer: 'released' })).headers).not.toHaveProperty('preference-applied');
    expect(waitedMs()).toBe(0);
  });

  it('waits for another version with If-None-Match, and says that it did only that', async () => {
    const { get } = reading([0, pending], [1, failed]);

    const { headers } = await get({ prefer, 'if-none-match': '"1"' });

    expect(headers).toMatchObject({ etag: '"3"', 'preference-applied': 'wait=20' });
  });

  it('shows that it did not wait while all slots are taken', async () => {
    const { get, slots } = reading([0, failed]);
    slots.isFree = false;

    expect((await get({ prefer })).headers['preference-applied']).toBe('wait=0');
  });
});
