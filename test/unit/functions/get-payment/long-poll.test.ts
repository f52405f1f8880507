import { describe, expect, it } from 'vitest';
import { getPayment } from '../../../../functions/get-payment/handler.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { createLongPoll } from '../../../../shared/http/long-poll.ts';
import { noon } from '../../../support/builders/builders.ts';
import { nextActionOptions } from '../../../support/builders/checkout.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { call } from '../../../support/harness/invoke-handler.ts';
import { completed, pending, reading, stored } from './harness.ts';

const secondsLater = (seconds: number) => new Date(noon.getTime() + seconds * 1_000).toISOString();

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
      [2, stored({ status: 'UNKNOWN', dueAt: secondsLater(3) })],
      [3, completed],
    );

    const { status, body, headers } = await get({ prefer: 'wait=20' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'COMPLETED', version: 3 });
    expect(headers).toMatchObject({ 'preference-applied': 'wait=20', etag: '"3"' });
    expect(waitedMs()).toBeGreaterThanOrEqual(3_000);
    expect(waitedMs()).toBeLessThanOrEqual(4_000);
  });

  it('ends when the payment requires an action of its buyer', async () => {
    const waiting = afterTransitions(pending, 'claimed', 'actionRequired');
    const { get, waitedMs } = reading([0, pending], [2, waiting], [9, completed]);

    const { body, headers } = await get({ prefer: 'wait=20' });

    expect(body).toMatchObject({ status: 'REQUIRES_ACTION', stage: 'REQUIRES_ACTION' });
    expect(waitedMs()).toBeLessThanOrEqual(3_000);

    await get({ prefer: 'wait=20', 'if-none-match': `${headers.etag}` });
    expect(waitedMs()).toBeGreaterThanOrEqual(9_000);
  });

  it('goes on once the buyer has cancelled a payment that waits for them', async () => {
    const waiting = afterTransitions(pending, 'claimed', 'actionRequired');
    const cancelled = { ...waiting, cancelRequestedAt: noon.toISOString() };
    const { get, waitedMs } = reading([0, cancelled], [5, stored({ status: 'FAILED' })]);

    expect((await get()).body).toMatchObject({ status: 'CONFIRMING', stage: 'REQUIRES_ACTION' });
    expect((await get({ prefer: 'wait=20' })).body).toMatchObject({ status: 'FAILED' });
    expect(waitedMs()).toBeGreaterThanOrEqual(5_000);
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
    [0, 'RESERVED', 'PENDING'],
  ] as const)('returns the current payment after %i s: %s', async (seconds, status, shown) => {
    const { get, waitedMs } = reading([0, stored({ status, dueAt: secondsLater(20) })]);

    const { body, headers } = await get({ prefer: `wait=${seconds}` });

    expect(body.status).toBe(shown);
    expect(headers['preference-applied']).toBe(`wait=${seconds}`);
    expect(waitedMs()).toBe(seconds * 1_000);
  });

  it.each([
    ['an unknown outcome whose inquiry is later', { status: 'UNKNOWN', dueAt: secondsLater(21) }],
    ['an unknown outcome without an inquiry', { status: 'UNKNOWN', dueAt: undefined }],
    ['a payment under review', { status: 'IN_REVIEW' }],
  ] as const)('does not wait for %s, and says when to retry', async (_what, given) => {
    const { dueAt: _, ...undated } = pending;
    const { get, waitedMs, slots, reads } = reading([0, { ...undated, ...given } as Payment]);

    const wait = { prefer: 'wait=20' };

    for (const request of [wait, { ...wait, 'if-none-match': '"1"' }]) {
      const { headers } = await get(request);
      expect(headers).toMatchObject({ 'preference-applied': 'wait=0', 'retry-after': '5' });
    }
    expect(waitedMs()).toBe(0);
    expect(reads()).toBe(2);
    expect(slots.taken).toBe(0);
  });

  it('stops waiting once no outcome is expected any more, and releases its slot', async () => {
    const { get, waitedMs, slots } = reading(
      [0, stored({ status: 'CHARGING' })],
      [4, stored({ status: 'UNKNOWN', dueAt: secondsLater(34) })],
      [9, completed],
    );

    const { body, headers } = await get({ prefer: 'wait=20' });

    expect(body.status).toBe('CONFIRMING');
    expect(headers).toMatchObject({ 'preference-applied': 'wait=0', 'retry-after': '5' });
    expect(waitedMs()).toBeLessThanOrEqual(5_000);
    expect(slots).toMatchObject({ taken: 1, givenBack: 1 });
  });

  it('waits for an inquiry that a webhook has requested', async () => {
    const hinted = stored({
      status: 'UNKNOWN',
      dueAt: secondsLater(60),
      hintedAt: noon.toISOString(),
    });
    const { get } = reading([0, hinted], [2, completed]);

    expect((await get({ prefer: 'wait=20' })).body.status).toBe('COMPLETED');
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
    ['a payment that is not final', stored({ status: 'CHARGING', version: 3 }), '"1", W/"3"'],
    [
      'an unknown outcome with an inquiry soon',
      stored({ status: 'UNKNOWN', dueAt: secondsLater(5), version: 3 }),
      '"3"',
    ],
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
    expect(headers).toMatchObject({ 'preference-applied': 'wait=0', 'retry-after': '1' });
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
        ...nextActionOptions,
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
