import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { RejectionError } from '../../../shared/domain/errors.ts';
import type { Order } from '../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../shared/domain/payments/payment-transitions.ts';
import { openRefund, type RefundSelection } from '../../../shared/domain/refunds/open-refund.ts';
import type { PaymentWithRefund, Refund } from '../../../shared/domain/refunds/refund.ts';
import {
  applyRefundFailure,
  applyRefundSuccess,
} from '../../../shared/domain/refunds/refund-settlement.ts';
import { anOrder, aPayment, noon } from './builders.ts';
import { traceparent } from './trace.ts';

export const later = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);

export const refundSuccess = {
  at: later(60),
  by: 'test',
  detail: 'paid back',
  pg: { refundId: 'rfn_1', refundedAt: later(59).toISOString() },
};

export const refundFailure = {
  at: later(60),
  by: 'test',
  detail: 'refused',
  failure: { code: 'refund_exceeds_captured', reason: 'no' },
};

/** A paid order and its payment of both tenders, completed two seconds after noon. */
export const aPaidOrder = (
  given: Partial<Order> = {},
  balanceAmount?: number,
): { order: Order; payment: Payment } => {
  const placed = anOrder(given);
  const accepted = aPayment({
    order: placed,
    ...(balanceAmount !== undefined && { balanceAmount }),
  });
  const claimed = transitionPayment(accepted, 'claimed', {
    at: later(1),
    by: 'test',
    change: { attempt: 1 },
  });
  const payment = transitionPayment(claimed, 'captured', {
    at: later(2),
    by: 'test',
    change: { pg: { transactionId: 'txn_1', approvedAt: later(2).toISOString() } },
  });
  const { paymentId } = payment;

  return {
    payment,
    order: { ...placed, status: 'COMPLETED', activePaymentId: paymentId, version: 3 },
  };
};

/** A refund and the payment that has it pending. */
export const aRefund = (
  paid: { readonly order: Order | undefined; readonly payment: Payment },
  selection: RefundSelection,
  refundId = `rfd_${randomUUID()}`,
  balanceFirst?: boolean,
): PaymentWithRefund =>
  openRefund(
    { ...paid, refundId, selection, balanceFirst, reason: 'broken', requestHash: 'h', traceparent },
    later(10),
    'test',
  );

/** One action on the refunds of a payment. */
export type RefundAction =
  | { readonly selection: RefundSelection; readonly balanceFirst: boolean }
  | { readonly settles: number }
  | { readonly fails: number };

const anySelection = (order: Order): fc.Arbitrary<RefundSelection> =>
  fc.oneof(
    fc.record({ amount: fc.integer({ min: 1, max: Math.max(order.total, 1) }) }),
    anyLines(order),
    fc.constant('remaining' as const),
  );

const anyShare = fc.double({ min: 0, max: 1, noNaN: true });

export const anyLines = ({ lines }: Order) =>
  fc.record({
    lines: fc.array(
      fc.constantFrom(...lines).chain(({ sku, quantity }) =>
        fc.record({
          sku: fc.constant(sku),
          quantity: fc.integer({ min: 1, max: quantity }),
          restock: fc.boolean(),
        }),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  });

export const anyRefundActions = (
  order: Order,
  selection: fc.Arbitrary<RefundSelection> = anySelection(order),
): fc.Arbitrary<RefundAction[]> =>
  fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ selection, balanceFirst: fc.boolean() }) },
      { weight: 2, arbitrary: fc.record({ settles: fc.nat({ max: 5 }) }) },
      { weight: 1, arbitrary: fc.record({ fails: fc.nat({ max: 5 }) }) },
    ),
    { maxLength: 25 },
  );

/** A paid order with any quantities, prices, discount and part from the balance. */
export const anyPaidOrder = fc
  .record({
    lines: fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 7 }),
        unitPrice: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 ** 40 })),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    discounted: anyShare,
    fromBalance: anyShare,
  })
  .map(({ lines, discounted, fromBalance }) => {
    const subtotal = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
    const discount = Math.floor(subtotal * discounted);

    return aPaidOrder(
      { lines: lines.map((line, index) => ({ ...line, sku: `sku-${index}` })), discount },
      Math.floor((subtotal - discount) * fromBalance),
    );
  });

/** A payment and its refunds after these actions; a rejected action changes nothing. */
export const applyRefundActions = (
  { order, payment: first }: { readonly order: Order; readonly payment: Payment },
  actions: readonly RefundAction[],
  onEach: (payment: Payment) => void = () => {},
): { readonly payment: Payment; readonly refunds: readonly Refund[] } => {
  const refunds: Refund[] = [];
  let payment = first;
  for (const one of actions) {
    try {
      if ('selection' in one) {
        const opened = aRefund(
          { order, payment },
          one.selection,
          `rfd_${refunds.length}`,
          one.balanceFirst,
        );
        refunds.push(opened.refund);
        payment = opened.payment;
      } else {
        const index = 'settles' in one ? one.settles : one.fails;
        const refund = refunds[index];
        if (refund?.status !== 'REQUESTED') continue;
        const before = { payment, refund };
        const after =
          'settles' in one
            ? applyRefundSuccess(before, refundSuccess)
            : applyRefundFailure(before, refundFailure);
        refunds[index] = after.refund;
        payment = after.payment;
      }
    } catch (error) {
      if (!(error instanceof RejectionError)) throw error;
    }
    onEach(payment);
  }

  return { payment, refunds };
};
