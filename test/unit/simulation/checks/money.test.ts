import { describe, expect, it } from 'vitest';
import { balances } from '../../../simulation/checks/balances.ts';
import { cancelledPayments } from '../../../simulation/checks/cancelled-payments.ts';
import { compensationRecords } from '../../../simulation/checks/compensation-records.ts';
import { completedPayments } from '../../../simulation/checks/completed-payments.ts';
import { couponUse } from '../../../simulation/checks/coupon-use.ts';
import { reconciliation } from '../../../simulation/checks/reconciliation.ts';
import { refundLimits } from '../../../simulation/checks/refund-limits.ts';
import { skippedBookings } from '../../../simulation/checks/skipped-bookings.ts';
import { stock } from '../../../simulation/checks/stock.ts';
import type { ExternalWrite } from '../../../simulation/run-record.ts';
import {
  balance,
  cleanRun,
  compensated,
  compensations,
  coupon,
  failing,
  paid,
  payRequest,
  product,
  refund,
  withItems,
} from './clean-run.ts';
import { anAnswer, problemsAtEnd, problemsOfWrite, writeOf } from './run-builder.ts';

describe('the check of balances', () => {
  it.each([
    ['is negative', { ...balance, available: -1, held: 1 }],
    ['available + held + spent', { ...balance, available: balance.available + 1 }],
  ])('reports a balance at its write: %s', (problem, after) => {
    expect(problemsOfWrite(balances, writeOf('Balances', undefined, after))).toContain(problem);
  });

  it.each([
    ['held', { ...balance, held: 10, available: balance.available - 10 }],
    ['spent', { ...balance, spent: 990, available: balance.available + 10 }],
  ])('reports %s that no payment explains', async (part, wrong) => {
    expect(await problemsAtEnd(balances, withItems({ Balances: [wrong] }))).toContain(
      `${part} of ${balance.userId}`,
    );
  });

  it('leaves out a write to a balance that another system has not corrected yet', () => {
    const { spent, ...invalid } = balance;
    const write = writeOf('Balances', invalid, { ...invalid, spent: 10 });
    const spoil = { table: 'Balances', before: { ...balance }, after: invalid };
    const correct = { table: 'Balances', before: invalid, after: { ...invalid, spent } };
    const problemsAfter = (...externalWrites: readonly ExternalWrite[]) =>
      problemsOfWrite(balances, write, { items: {}, externalWrites });

    expect(problemsAfter(spoil)).toBe('');
    expect(problemsAfter(spoil, correct)).toContain('available + held + spent');
  });

  it('expects the reservation of a failed payment in held until it is restored', async () => {
    const run = withItems({
      Payments: [paid, failing],
      Compensations: [],
      Balances: [{ ...balance, held: 2_000, available: 7_000 }],
    });

    expect(await problemsAtEnd(balances, run)).toBe('');
  });
});

describe('the check of stock', () => {
  it.each([
    ['is negative', { ...product, available: -1, reserved: 10 }],
    ['available + reserved + sold', { ...product, sold: 2 }],
  ])('reports a product at its write: %s', (problem, after) => {
    expect(problemsOfWrite(stock, writeOf('Products', undefined, after))).toContain(problem);
  });

  it.each([
    ['reserved', { ...product, reserved: 1, available: 8 }],
    ['sold', { ...product, sold: 2, available: 8 }],
  ])('reports %s that no payment explains', async (part, wrong) => {
    expect(await problemsAtEnd(stock, withItems({ Products: [wrong] }))).toContain(
      `${part} of tea`,
    );
  });
});

describe('the check of coupons', () => {
  it.each([
    ['available although its order is paid', { ...coupon, status: 'AVAILABLE' }],
    ['used by another order', { ...coupon, orderId: 'ord_other' }],
    ['used by no order', { ...coupon, couponId: 'coupon-2' }],
  ])('reports a coupon that is %s', async (_, wrong) => {
    expect(await problemsAtEnd(couponUse, withItems({ Coupons: [wrong] }))).toContain(
      wrong.couponId,
    );
  });
});

describe('the check of refund limits', () => {
  it.each([
    { ...paid, refunded: 3_000, refundPending: 2_000 },
    { ...paid, refundPending: -1 },
    { ...paid, refunded: 3_001, gatewayRefunded: 3_001 },
    { ...paid, gatewayRefundPending: -1 },
    { ...paid, refunded: 4_000, gatewayRefunded: 1_999 },
    { ...paid, refunded: 1_000, gatewayRefunded: 2_000 },
    { ...paid, refundedLines: [{ sku: 'tea', quantity: 3, amount: 1 }] },
  ])('reports refunds that exceed the payment', (after) => {
    expect(problemsOfWrite(refundLimits, writeOf('Payments', paid, after))).toContain(
      paid.paymentId,
    );
  });
});

describe('the check of compensation records', () => {
  it('reports a record that is written twice', () => {
    const [record] = compensations;
    const write = writeOf('Compensations', record, record);

    expect(problemsOfWrite(compensationRecords, write)).toContain('written again by test');
  });

  it.each([
    ['without a record', compensations.slice(1)],
    ['expected 2', [{ ...compensations[0], delta: 3 }, ...compensations.slice(1)]],
    [
      'has compensation records',
      [...compensations, { ...compensations[0], paymentId: paid.paymentId }],
    ],
  ])('reports the records of a payment: %s', async (problem, Compensations) => {
    expect(await problemsAtEnd(compensationRecords, withItems({ Compensations }))).toContain(
      problem,
    );
  });
});

describe('the check of completed payments', () => {
  it.each([
    ['the failure', { ...paid, failure: { code: 'declined', reason: 'no' } }, {}],
    ['has reserved nothing', { ...paid, reservation: undefined }, {}],
    ['never captured', paid, { captures: 0 }],
    ['charged nothing', { ...paid, gatewayAmount: 0 }, {}],
  ])('reports a completed payment: %s', async (problem, payment, truth) => {
    const charge = { ...cleanRun.charges?.[paid.paymentId], ...truth };
    const run = { ...withItems({ Payments: [payment] }), charges: { [paid.paymentId]: charge } };

    expect(await problemsAtEnd(completedPayments, run)).toContain(problem);
  });
});

describe('the check of cancelled payments', () => {
  const cancel = { ...payRequest, path: `/payments/${paid.paymentId}/cancel` };
  const acknowledged = [anAnswer(cancel, 202, { paymentId: paid.paymentId })];

  it('reports money that is kept after an acknowledged cancellation', async () => {
    expect(
      await problemsAtEnd(cancelledPayments, { ...cleanRun, answers: acknowledged }),
    ).toContain(
      `${paid.paymentId} (COMPLETED, version 5, sim_approve) was cancelled, and 2000 is kept`,
    );
  });

  it('reports it also if only the payment shows the cancellation', async () => {
    const payment = { ...paid, cancelRequestedAt: paid.createdAt };

    expect(await problemsAtEnd(cancelledPayments, withItems({ Payments: [payment] }))).toContain(
      'was cancelled',
    );
  });

  it('accepts a refund that an operator decides', async () => {
    const reviewed = {
      ...refund,
      isForCancellation: true,
      history: [...refund.history, { version: 3, from: 'REQUESTED', to: 'UNDER_REVIEW' }],
    };
    const run = { ...withItems({ Refunds: [reviewed] }), answers: acknowledged };

    expect(await problemsAtEnd(cancelledPayments, run)).toBe('');
  });
});

describe('the check of skipped bookings', () => {
  const skipped = [{ target: 'STOCK#tea', delta: 2, outcome: 'target-missing' }];
  const run = withItems({
    Payments: [{ ...paid, skipped }],
    Compensations: [{ ...compensations[0], outcome: 'target-mismatch' }],
  });

  it('reports what a capture or a compensation skipped', async () => {
    expect(await problemsAtEnd(skippedBookings, run)).toBe(
      [
        `${paid.paymentId} skipped STOCK#tea: target-missing`,
        `${compensated.paymentId} skipped STOCK#tea: target-mismatch`,
      ].join('\n'),
    );
  });

  it.each([
    ['deleted', undefined],
    ['made invalid', { ...product, sold: undefined }],
  ])('accepts a skip of an item that another system has %s', async (_, after) => {
    const externalWrites = [{ table: 'Products', before: { ...product }, after }];

    expect(await problemsAtEnd(skippedBookings, { ...run, externalWrites })).toBe('');
  });

  it('does not accept it after a valid change', async () => {
    const after = { ...product, unitPrice: 1 };
    const externalWrites = [{ table: 'Products', before: { ...product }, after }];

    expect(await problemsAtEnd(skippedBookings, { ...run, externalWrites })).not.toBe('');
  });

  it('leaves the units of a skipped capture reserved', async () => {
    const back = { ...refund, skipped: [{ ...skipped[0], delta: 1 }] };
    const left = { ...product, available: 8, reserved: 2, sold: 0 };
    const changed = {
      Payments: [{ ...paid, skipped }, compensated],
      Refunds: [back],
      Products: [left],
    };

    expect(await problemsAtEnd(stock, withItems(changed))).toBe('');
  });
});

describe('the check by reconciliation', () => {
  it('reports a counter that the payments do not explain', async () => {
    const wrong = { ...product, sold: 3, received: 12 };

    expect(await problemsAtEnd(reconciliation, withItems({ Products: [wrong] }))).toContain(
      'product tea: sold is 3, expected 1',
    );
  });

  it('reports a product that is missing, unless another system has deleted it', async () => {
    const run = withItems({ Products: [] });
    const externalWrites = [{ table: 'Products', before: { ...product }, after: undefined }];

    expect(await problemsAtEnd(reconciliation, run)).toContain('product tea: sold is 0');
    expect(await problemsAtEnd(reconciliation, { ...run, externalWrites })).toBe('');
  });

  it('reports a charge that differs, unless a review names the difference', async () => {
    const charge = {
      captures: 1,
      captured: 3_000,
      refunded: 1_500,
      refundKeys: [],
      refunds: [1_500],
    };
    const run = { ...cleanRun, charges: { [paid.paymentId]: charge } };
    const review = {
      kind: 'gateway-difference',
      paymentId: paid.paymentId,
      difference: { amount: 500 },
    };

    expect(await problemsAtEnd(reconciliation, run)).toContain('gateway balance is 1500');
    expect(
      await problemsAtEnd(reconciliation, { ...run, items: { ...run.items, Reviews: [review] } }),
    ).toBe('');
  });
});
