import { describe, expect, it } from 'vitest';
import { getPayment } from '../../../../functions/get-payment/handler.ts';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { isFinalForBuyer, type Payment } from '../../../../shared/domain/payments/payment.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { createLongPoll } from '../../../../shared/http/long-poll.ts';
import { paymentNotFound } from '../../../../shared/persistence/payment-repository.ts';
import { anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

const order = anOrder({ userId: 'alice' });
const pending = aPayment({ order });
const stored = (given: Partial<Payment>): Payment => ({ ...pending, ...given });
const completed = stored({ status: 'COMPLETED', version: 3 });

/** get-payment on a clock of its own, where each payment is stored from its second on. */
const reading = (...story: readonly (readonly [fromSecond: number, payment: Payment])[]) => {
  let nowMs = noon.getTime();
  const pauses: number[] = [];
  let reads = 0;
  const slots = { taken: 0, givenBack: 0, isFree: true };
  const handler = httpHandler(
    getPayment({
      payments: {
        async getOwned(buyer, paymentId) {
          reads += 1;
          const second = (nowMs - noon.getTime()) / 1_000;
          const payment = story.findLast(([from]) => from <= second)?.[1];
          if (payment?.userId !== buyer) throw paymentNotFound(paymentId);

          return payment;
        },
      },
      poll: createLongPoll({
        clock: { now: () => new Date(nowMs) },
        async sleep(milliseconds) {
          pauses.push(milliseconds);
          nowMs += milliseconds;
        },
        async acquireSlot() {
          if (!slots.isFree) return undefined;
          slots.taken += 1;

          return async () => {
            slots.givenBack += 1;
          };
        },
      }),
    }),
  );

  return {
    get: (headers: Record<string, string> = {}, buyer = 'alice') =>
      call(handler, { method: 'GET', path: `/payments/${pending.paymentId}`, buyer, headers }),
    waitedMs: () => nowMs - noon.getTime(),
    reads: () => reads,
    pauses,
    slots,
  };
};

describe('get payment', () => {
  it('returns a payment to its buyer without payment method and request', async () => {
    const failed = stored({
      status: 'COMPENSATED',
      version: 5,
      failure: {
        code: 'declined',
        reason: 'The card was refused.',
        evidence: 'pg said no',
        skus: [],
      },
    });

    const { status, body } = await reading([0, failed]).get();

    expect(status).toBe(200);
    expect(body).toEqual({
      paymentId: pending.paymentId,
      orderId: order.orderId,
      status: 'FAILED',
      stage: 'COMPENSATED',
      amount: 5_000,
      currency: 'KRW',
      version: 5,
      createdAt: noon.toISOString(),
      updatedAt: noon.toISOString(),
      failure: { code: 'declined', reason: 'The card was refused.' },
      refunded: 0,
      links: {
        self: `/payments/${pending.paymentId}`,
        timeline: `/payments/${pending.paymentId}/timeline`,
      },
    });
  });

  it.each([
    ['LATE_CAPTURED', 'The payment was captured after it had failed and is being refunded.'],
    ['REVERSED', 'The payment was captured after it had failed and was refunded.'],
  ] as const)('shows a late charge as charged: %s', async (status, reason) => {
    const failure = { code: 'not-charged', reason: 'It has not charged it, and will not.' };

    expect((await reading([0, stored({ status, failure })]).get()).body).toMatchObject({
      status: 'FAILED',
      failure: { code: 'not-charged', reason },
    });
  });

  it('has no failure if it did not fail, even after a review', async () => {
    const reviewed = { ...completed, failure: { code: 'outcome-unknown', reason: 'Nobody knew.' } };

    expect((await reading([0, completed]).get()).body).not.toHaveProperty('failure');
    expect((await reading([0, reviewed]).get()).body).not.toHaveProperty('failure');
  });

  it("answers another buyer's payment like a missing one, without waiting", async () => {
    const another = reading([0, pending]);

    const answer = await another.get({ prefer: 'wait=20' }, 'bob');
    const missing = await reading().get({ prefer: 'wait=20' }, 'bob');

    expect(answer).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    expect(answer).toEqual(missing);
    expect(another.waitedMs()).toBe(0);
  });

  it('sends the version as entity tag', async () => {
    expect((await reading([0, completed]).get()).headers).toMatchObject({
      etag: '"3"',
      'cache-control': 'private, no-cache',
    });
  });

  it.each(['"3"', 'W/"3"', '"1", W/"3"', '*'])('answers 304 to If-None-Match %s', async (tag) => {
    const { status, headers, ...rest } = await reading([0, completed]).get({
      'if-none-match': tag,
    });

    expect(status).toBe(304);
    expect(headers).toEqual({ etag: '"3"', 'cache-control': 'private, no-cache' });
    expect(rest).toEqual({});
  });

  it.each(['"2"', '3', '"33"', ''])('answers 200 to If-None-Match %j', async (tag) => {
    expect(await reading([0, completed]).get({ 'if-none-match': tag })).toMatchObject({
      status: 200,
    });
  });
});

describe('get payment with Prefer: wait', () => {
  it('does not wait without a Prefer header', async () => {
    const { get, waitedMs } = reading([0, pending], [1, completed]);

    const { body, headers } = await get();

    expect(body.status).toBe('PENDING');
    expect(headers).not.toHaveProperty('preference-applied');
    expect(waitedMs()).toBe(0);
  });

  it('ends as soon as the payment has its final status', async () => {
    const { get, waitedMs } = reading(
      [0, pending],
      [1, stored({ status: 'CHARGING' })],
      [2, stored({ status: 'UNKNOWN' })],
      [3, completed],
    );

    const { status, body, headers } = await get({ prefer: 'wait=20' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'COMPLETED', version: 3 });
    expect(headers).toMatchObject({ 'preference-applied': 'wait=20', etag: '"3"' });
    expect(waitedMs()).toBeGreaterThanOrEqual(3_000);
    expect(waitedMs()).toBeLessThanOrEqual(4_000);
  });

  it('ends with the failure, before the compensation', async () => {
    const { get, waitedMs } = reading(
      [0, stored({ status: 'FAILED' })],
      [5, stored({ status: 'COMPENSATED' })],
    );

    expect((await get({ prefer: 'wait=20' })).body).toMatchObject({
      status: 'FAILED',
      stage: 'FAILED',
    });
    expect(waitedMs()).toBe(0);
  });

  it.each([
    [20, 'UNKNOWN', 'CONFIRMING'],
    [3, 'CHARGING', 'PENDING'],
    [20, 'IN_REVIEW', 'UNDER_REVIEW'],
    [0, 'RESERVED', 'PENDING'],
  ] as const)('returns the current payment after %i s: %s', async (seconds, status, shown) => {
    const { get, waitedMs } = reading([0, stored({ status })]);

    const { body, headers } = await get({ prefer: `wait=${seconds}` });

    expect(body.status).toBe(shown);
    expect(headers['preference-applied']).toBe(`wait=${seconds}`);
    expect(waitedMs()).toBe(seconds * 1_000);
  });

  it('polls often at first, then about once a second', async () => {
    const { get, reads, pauses } = reading([0, pending]);

    await get({ prefer: 'wait=20' });

    expect(pauses[0]).toBe(100);
    expect(Math.max(...pauses)).toBe(1_000);
    expect(reads()).toBeLessThanOrEqual(26);
  });

  it.each([
    ['a final payment', stored({ status: 'COMPLETED', version: 3 }), '"3"'],
    ['a payment that is not final', stored({ status: 'UNKNOWN', version: 3 }), '"1", W/"3"'],
    ['a payment under review', stored({ status: 'IN_REVIEW', version: 3 }), '"3"'],
  ])('ends when the version differs from If-None-Match: %s', async (_what, before, tag) => {
    const { get, waitedMs } = reading([0, before], [5, { ...before, version: 4 }]);

    const { status, headers, body } = await get({ prefer: 'wait=20', 'if-none-match': tag });

    expect(status).toBe(200);
    expect(headers).toMatchObject({ etag: '"4"', 'preference-applied': 'wait=20' });
    expect(body.version).toBe(4);
    expect(waitedMs()).toBeGreaterThanOrEqual(5_000);
    expect(waitedMs()).toBeLessThanOrEqual(6_000);
  });

  it('waits to the end if the version stays the same, then answers 304', async () => {
    const { get, waitedMs } = reading([0, completed]);

    expect(await get({ prefer: 'wait=20', 'if-none-match': '"3"' })).toMatchObject({
      status: 304,
      headers: { etag: '"3"', 'preference-applied': 'wait=20' },
    });
    expect(waitedMs()).toBe(20_000);
  });

  it('returns immediately for an older version', async () => {
    const { get, waitedMs } = reading([0, pending]);

    expect(await get({ prefer: 'wait=20', 'if-none-match': '"0"' })).toMatchObject({
      status: 200,
    });
    expect(waitedMs()).toBe(0);
  });

  it('ends when the version changes with If-None-Match: *', async () => {
    const { get, waitedMs } = reading([0, completed], [5, { ...completed, version: 4 }]);

    expect(await get({ prefer: 'wait=20', 'if-none-match': '*' })).toMatchObject({
      status: 304,
      headers: { etag: '"4"', 'preference-applied': 'wait=20' },
    });
    expect(waitedMs()).toBeGreaterThanOrEqual(5_000);
    expect(waitedMs()).toBeLessThanOrEqual(6_000);
  });

  it('waits to the end with If-None-Match: * if the version stays the same', async () => {
    const { get, waitedMs } = reading([0, completed]);

    expect(await get({ prefer: 'wait=20', 'if-none-match': '"0", *' })).toMatchObject({
      status: 304,
    });
    expect(waitedMs()).toBe(20_000);
  });

  it('does not wait while all slots are taken, and shows that', async () => {
    const { get, waitedMs, slots, reads } = reading([0, pending], [1, completed]);
    slots.isFree = false;

    const { status, headers, body } = await get({ prefer: 'wait=20' });

    expect(status).toBe(200);
    expect(headers['preference-applied']).toBe('wait=0');
    expect(body.status).toBe('PENDING');
    expect(waitedMs()).toBe(0);
    expect(reads()).toBe(1);
  });

  it('takes a slot only if it has to wait, and releases it', async () => {
    const now = reading([0, completed]);
    const later = reading([0, pending], [1, completed]);
    const never = reading([0, pending]);

    await now.get({ prefer: 'wait=20' });
    await later.get({ prefer: 'wait=20' });
    await never.get();

    expect(now.slots).toMatchObject({ taken: 0, givenBack: 0 });
    expect(later.slots).toMatchObject({ taken: 1, givenBack: 1 });
    expect(never.slots).toMatchObject({ taken: 0 });
  });

  it('answers 304 if nothing changed', async () => {
    const { get } = reading([0, pending]);

    expect(await get({ prefer: 'wait=1', 'if-none-match': '"1"' })).toMatchObject({
      status: 304,
      headers: { 'preference-applied': 'wait=1' },
    });
  });

  it.each([
    ['wait=60', 20],
    ['wait=5', 5],
    ['Wait = "5"', 5],
    ['respond-async, wait=5; foo=bar', 5],
    ['respond-async,wait=5', 5],
  ])('reads the Prefer header of RFC 7240 and waits at most 20 s: %j', async (prefer, seconds) => {
    const { get, waitedMs } = reading([0, pending]);

    expect((await get({ prefer })).headers['preference-applied']).toBe(`wait=${seconds}`);
    expect(waitedMs()).toBe(seconds * 1_000);
  });

  it.each(['wait', 'wait=', 'wait=soon', 'wait=-1', 'wait=1.5', 'await=5', 'respond-async', ''])(
    'ignores a Prefer header that is not valid: %j',
    async (prefer) => {
      const { get, waitedMs } = reading([0, pending]);

      const { status, headers } = await get({ prefer });

      expect(status).toBe(200);
      expect(headers).not.toHaveProperty('preference-applied');
      expect(waitedMs()).toBe(0);
    },
  );
});

describe('get payment without wait slots', () => {
  it.each([
    ['taken', async () => Promise.reject(new Error('no'))],
    ['released', async () => () => Promise.reject(new Error('no'))],
  ])('returns the payment if a slot cannot be %s', async (_what, takeSlot) => {
    let reads = 0;
    const handler = httpHandler(
      getPayment({
        payments: { getOwned: async () => (reads++ === 0 ? pending : completed) },
        poll: createLongPoll({
          clock: { now: () => noon },
          sleep: async () => {},
          acquireSlot: takeSlot,
        }),
      }),
    );
    const request = { method: 'GET', path: '/payments/pay_1', buyer: 'alice' } as const;

    const headers = { prefer: 'wait=20' };
    expect(await call(handler, { ...request, headers })).toMatchObject({ status: 200 });
  });
});

describe('get payment from a table that cannot be read', () => {
  it('throws, also while waiting', async () => {
    const handler = httpHandler(
      getPayment({
        payments: { getOwned: () => Promise.reject(new ServiceUnavailableError('No answer.')) },
        poll: createLongPoll({
          clock: { now: () => noon },
          sleep: async () => {},
          acquireSlot: async () => undefined,
        }),
      }),
    );
    const request = { method: 'GET', path: '/payments/pay_1', buyer: 'alice' } as const;

    expect(await call(handler, request)).toMatchObject({ status: 503 });
  });
});

describe('a final payment', () => {
  it.each([
    ['RESERVED', false],
    ['CHARGING', false],
    ['UNKNOWN', false],
    ['IN_REVIEW', false],
    ['COMPLETED', true],
    ['FAILED', true],
    ['COMPENSATED', true],
    ['LATE_CAPTURED', true],
    ['REVERSED', true],
  ] as const)('%s: %s', (status, decided) => {
    expect(isFinalForBuyer(stored({ status }))).toBe(decided);
  });

  it('stays final when it is refunded', () => {
    expect(isFinalForBuyer({ ...completed, refunded: 1 })).toBe(true);
    expect(isFinalForBuyer({ ...completed, refunded: completed.amount })).toBe(true);
  });
});
