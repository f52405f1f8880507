import { describe, expect, it } from 'vitest';
import { later } from '../../../support/builders/refund-generators.ts';
import { recordStates } from '../../../support/fakes/memory-idempotency-table.ts';
import { amount, createRefundRequestHarness } from './harness.ts';

describe("request refund after the buyer's time for it", () => {
  const windowMs = 3_600_000;
  // The payment completed two seconds after noon.
  const lastMoment = new Date(later(2).getTime() + windowMs - 1);
  const tooLate = new Date(later(2).getTime() + windowMs);

  it('is accepted at the last moment and rejected one millisecond later', async () => {
    const harness = createRefundRequestHarness({ windowMs });
    harness.passTo(lastMoment);
    expect(await harness.post(amount(1))).toMatchObject({ status: 202 });

    harness.passTo(tooLate);

    expect(await harness.post(amount(1), { key: 'k-2' })).toMatchObject({
      status: 403,
      body: { code: 'refund-not-allowed' },
    });
    expect(harness.refunds()).toHaveLength(1);
  });

  it.each(recordStates)('returns the refund of a repeated key %s', async (_when, then) => {
    const harness = createRefundRequestHarness({ windowMs });
    harness.passTo(lastMoment);
    const first = await harness.post(amount(1));
    harness.passTo(tooLate);
    then(harness);

    expect(await harness.post(amount(1))).toEqual({
      ...first,
      headers: { ...first.headers, 'idempotency-replayed': 'true' },
    });
  });

  it('stores the rejection for the key', async () => {
    const harness = createRefundRequestHarness({ windowMs });
    harness.passTo(tooLate);
    await harness.post(amount(1));

    expect(await harness.post(amount(1))).toMatchObject({
      status: 403,
      headers: { 'idempotency-replayed': 'true' },
    });
  });

  it("still answers another buyer's payment like a missing one", async () => {
    const harness = createRefundRequestHarness({ windowMs: 0 });

    expect(await harness.post(amount(1), { buyer: 'bob' })).toMatchObject({
      status: 404,
      body: { code: 'payment-not-found' },
    });
  });
});
