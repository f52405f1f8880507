import { describe, expect, it } from 'vitest';
import { InvalidAmountError } from '../../../../shared/domain/money.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import {
  ambiguous,
  createExecuteRefundHarness,
  declined,
  notFound,
  notSent,
  refunded,
  runUntilDone,
  tea,
} from './harness.ts';

const { inquiryBackoffMs, gatewayIdempotencyTtlMs, redeliveryBackoffMs } = timings.local;

const aDayLater = new Date(later(11).getTime() + gatewayIdempotencyTtlMs);

describe('execute refund', () => {
  it('refunds under one key and updates the ledger in one transaction', async () => {
    const harness = createExecuteRefundHarness(tea(1));

    expect(await harness.deliver()).toMatchObject({ outcome: 'SUCCEEDED', version: 2 });

    const { paymentId } = harness.requested.payment;
    expect(harness.world.gatewayCalls).toEqual([
      [
        'refund',
        {
          key: 'rfd:rfd_1',
          reference: paymentId,
          amount: 1_000,
          currency: 'KRW',
          transactionId: 'txn_1',
        },
      ],
    ]);
    expect(harness.refund()).toMatchObject({
      status: 'SUCCEEDED',
      pg: { refundId: 'rfn_1' },
      remainingAmount: 2_500,
      paymentVersion: 5,
      soldAt: later(2).toISOString(),
    });
    expect(harness.refund().history.at(-1)?.gatewayCalls).toMatchObject([
      { operation: 'refund', outcome: 'refunded' },
    ]);
    expect(harness.payment()).toMatchObject({ version: 5, refunded: 2_500, refundPending: 0 });
    expect(harness.order()).toMatchObject({ status: 'PARTIALLY_REFUNDED', version: 4 });
    expect(harness.balance()).toMatchObject({ available: 11_500, spent: 2_500 });
    expect(harness.products()).toMatchObject([{ available: 101, sold: 1 }]);
  });

  it('refunds the whole order and restocks only the lines marked restock', async () => {
    const harness = createExecuteRefundHarness({
      lines: [
        { sku: 'tea', quantity: 1, restock: true },
        { sku: 'tea', quantity: 1, restock: false },
      ],
    });

    await harness.deliver();

    expect(harness.order()).toMatchObject({ status: 'REFUNDED' });
    expect(harness.balance()).toMatchObject({ available: 14_000, spent: 0 });
    expect(harness.products()).toMatchObject([{ available: 101, sold: 1 }]);
  });

  it.each([-1_000, 999.5])('calls no gateway for an amount of %s', async (amount) => {
    const harness = createExecuteRefundHarness({ amount: 1 });
    harness.tables.put('Refunds', { ...harness.refund(), amount });

    expect(await harness.deliver()).toBeInstanceOf(InvalidAmountError);

    expect(harness.world.gatewayCalls).toEqual([]);
  });

  it('changes no stock for a refund of an amount', async () => {
    const harness = createExecuteRefundHarness({ amount: 1_001 });

    await harness.deliver();

    expect(harness.balance()).toMatchObject({ available: 10_001, spent: 3_999 });
    expect(harness.products()).toMatchObject([{ available: 100, sold: 2 }]);
  });

  it('calls no gateway for a refund of 0', async () => {
    const harness = createExecuteRefundHarness('remaining', {
      paid: { discount: 5_000 },
      balanceAmount: 0,
    });

    expect(await harness.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(harness.calls()).toEqual([]);
    expect(harness.payment()).toMatchObject({ refunded: 0, refundedUnits: 2 });
    expect(harness.order()).toMatchObject({ status: 'REFUNDED' });
    expect(harness.products()).toMatchObject([{ available: 102, sold: 0 }]);
  });

  it('does not send a final refund again', async () => {
    const harness = createExecuteRefundHarness(tea(1));
    await harness.deliver();

    expect(await harness.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });

    expect(harness.calls()).toEqual(['refund']);
    expect(harness.balance()).toMatchObject({ available: 11_500 });
  });

  it('releases the reserved amount when the gateway declines', async () => {
    const harness = createExecuteRefundHarness(tea(1), { refunds: [declined] });

    expect(await harness.deliver()).toMatchObject({ outcome: 'FAILED' });

    expect(harness.refund()).toMatchObject({
      failure: { code: 'refund-declined', evidence: expect.stringContaining('refund_declined') },
    });
    expect(harness.payment()).toMatchObject({
      refunded: 0,
      refundPending: 0,
      refundedLines: [],
    });
    expect(harness.order()).toMatchObject({ status: 'COMPLETED' });
    expect(harness.balance()).toMatchObject({ available: 10_000, spent: 4_000 });
  });
});

describe('execute refund after a lost answer', () => {
  it.each([
    ['was refunded', [refunded], ['refund', 'inquire']],
    ['never arrived', [notFound], ['refund', 'inquire', 'refund']],
    ['is in progress', [{ outcome: 'in-progress' }, refunded], ['refund', 'inquire', 'inquire']],
  ] as const)(
    'finds the outcome and makes one refund if it %s',
    async (_case, inquiries, calls) => {
      const harness = createExecuteRefundHarness(tea(1), { refunds: [ambiguous], inquiries });

      expect(await harness.deliver()).toBe(inquiryBackoffMs[0]);
      expect(harness.refund()).toMatchObject({
        status: 'REQUESTED',
        attempts: 1,
        firstSentAt: later(10).toISOString(),
        dueAt: later(11).toISOString(),
      });
      expect(harness.payment()).toMatchObject({ refunded: 0, refundPending: 2_500 });
      expect(await harness.deliver(), 'not before its time').toBe(inquiryBackoffMs[0]);
      expect(await runUntilDone(harness)).toMatchObject({ outcome: 'SUCCEEDED' });

      expect(harness.calls()).toEqual(calls);
      expect(new Set(harness.world.gatewayCalls.map(([, { key }]) => key))).toEqual(
        new Set(['rfd:rfd_1']),
      );
      expect(harness.balance()).toMatchObject({ available: 11_500, spent: 2_500 });
    },
  );

  it('fails the refund if the gateway declined it', async () => {
    const harness = createExecuteRefundHarness(tea(1), {
      refunds: [ambiguous],
      inquiries: [declined],
    });

    expect(await runUntilDone(harness)).toMatchObject({ outcome: 'FAILED' });
    expect(harness.payment()).toMatchObject({ refundPending: 0 });
  });

  it('inquires from one of two messages, and only one waits', async () => {
    const harness = createExecuteRefundHarness(tea(1), { refunds: [ambiguous] });

    const [first, second] = [await harness.deliver(), await harness.deliver()];

    expect([first, second]).toEqual([inquiryBackoffMs[0], inquiryBackoffMs[0]]);
    expect(harness.calls()).toEqual(['refund']);
  });
});

describe('execute refund that is not sent', () => {
  it.each([notSent, { ...notSent, cause: 'credentials' } as const])(
    'retries with the same key without an inquiry: %o',
    async (notSent) => {
      const harness = createExecuteRefundHarness(tea(1), { refunds: [notSent, notSent] });

      expect(await runUntilDone(harness)).toMatchObject({ outcome: 'SUCCEEDED' });

      expect(harness.calls()).toEqual(['refund', 'refund', 'refund']);
      expect(harness.refund()).not.toHaveProperty('firstSentAt');
    },
  );

  it('counts no attempt, however long the outage lasts', async () => {
    const refunds = inquiryBackoffMs.flatMap(() => [notSent, notSent]);
    const harness = createExecuteRefundHarness(tea(1), { refunds });
    const { version } = harness.refund();

    for (const _ of refunds) {
      const waited = await harness.deliver();
      expect(waited).toBeLessThanOrEqual(Math.max(...redeliveryBackoffMs));
      expect(harness.refund()).toMatchObject({ status: 'REQUESTED', version, attempts: 0 });
      harness.world.now = new Date(Date.parse(harness.refund().dueAt ?? ''));
    }

    expect(await runUntilDone(harness)).toMatchObject({ outcome: 'SUCCEEDED' });
  });
});

describe('execute refund with an unknown outcome', () => {
  it('opens a review after the last attempt and keeps the amount reserved', async () => {
    const lost = inquiryBackoffMs.map(() => ambiguous).concat(ambiguous);
    const harness = createExecuteRefundHarness(tea(1), { refunds: lost, inquiries: lost });

    expect(await runUntilDone(harness)).toMatchObject({ outcome: 'UNDER_REVIEW' });

    expect(harness.refund()).toMatchObject({
      attempts: inquiryBackoffMs.length + 1,
      failure: { code: 'outcome-unknown', evidence: expect.stringContaining('timeout') },
    });
    // It stays due until its review is stored.
    expect(harness.refund()).toHaveProperty('dueAt');
    expect(harness.payment()).toMatchObject({ refunded: 0, refundPending: 2_500 });
    expect(harness.balance()).toMatchObject({ available: 10_000, spent: 4_000 });
  });

  it.each([
    ['whose message arrives after a day', []],
    ['whose answer was lost a day ago', [ambiguous]],
  ])('does not send a refund %s under a key that may have expired', async (_case, refunds) => {
    const harness = createExecuteRefundHarness(tea(1), { refunds, inquiries: [notFound] });
    if (refunds.length > 0) await harness.deliver();
    const sent = harness.calls().length;
    harness.world.now = aDayLater;

    expect(await harness.deliver()).toMatchObject({ outcome: 'UNDER_REVIEW' });

    expect(harness.calls().slice(sent)).toEqual(['inquire']);
    expect(harness.refund()).toMatchObject({
      failure: { evidence: expect.stringContaining('its idempotency key may have expired') },
    });
  });

  it('settles after a day if the gateway still knows the refund', async () => {
    const harness = createExecuteRefundHarness(tea(1));
    harness.world.now = aDayLater;

    expect(await harness.deliver()).toMatchObject({ outcome: 'SUCCEEDED' });
    expect(harness.calls()).toEqual(['inquire']);
  });
});

it('opens a review if the gateway declines the refund of a cancellation', async () => {
  const harness = createExecuteRefundHarness(tea(1), { refunds: [declined] });
  harness.tables.put('Refunds', { ...harness.refund(), isForCancellation: true });

  expect(await harness.deliver()).toMatchObject({ outcome: 'UNDER_REVIEW' });

  expect(harness.refund()).toMatchObject({
    status: 'UNDER_REVIEW',
    dueAt: expect.any(String),
    failure: {
      code: 'cancel-refund-declined',
      evidence: expect.stringContaining('refund_declined'),
    },
  });
  expect(harness.payment()).toMatchObject({ refundPending: 2_500 });
});

describe('execute refund with a distant next attempt', () => {
  it('ends its message and leaves the refund to the sweeper', async () => {
    const harness = createExecuteRefundHarness(tea(1));
    const refund = { ...harness.refund(), attempts: 1, dueAt: later(10_000).toISOString() };
    harness.tables.put('Refunds', refund);

    expect(await harness.deliver()).toMatchObject({ outcome: 'deferred-to-sweeper' });
    expect(harness.calls()).toEqual([]);
  });
});
