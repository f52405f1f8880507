import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../shared/domain/refunds/refund.ts';
import { truthOfPayment } from '../gateways/payment-truth.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { isPaidWith, isRefundedByHand } from './known-differences.ts';
import { paymentsOf, refundsOf, sumOf, unlessEqual } from './stored-items.ts';

const wrongSums = (payment: Payment, refunds: readonly Refund[]): readonly string[] => {
  const { paymentId, refunded, refundPending } = payment;
  const { gatewayRefunded = 0, gatewayRefundPending = 0 } = payment;
  const sumIn =
    (part: (refund: Refund) => number) =>
    (...statuses: readonly Refund['status'][]) =>
      sumOf(
        refunds.filter(({ status }) => statuses.includes(status)),
        part,
      );
  const amountOf = sumIn(({ amount }) => amount);
  const gatewayAmountOf = sumIn(({ gatewayAmount }) => gatewayAmount);

  return [
    ...unlessEqual(
      `gatewayRefunded of ${paymentId}`,
      gatewayRefunded,
      gatewayAmountOf('SUCCEEDED'),
    ),
    ...unlessEqual(
      `gatewayRefundPending of ${paymentId}`,
      gatewayRefundPending,
      gatewayAmountOf('REQUESTED', 'UNDER_REVIEW'),
    ),
    ...unlessEqual(`refunded of ${paymentId}`, refunded, amountOf('SUCCEEDED')),
    ...unlessEqual(
      `refundPending of ${paymentId}`,
      refundPending,
      amountOf('REQUESTED', 'UNDER_REVIEW'),
    ),
  ];
};

const wrongRefunds = (
  run: RunRecord,
  payment: Payment,
  refunds: readonly Refund[],
): readonly string[] => {
  const keys = truthOfPayment(run.gateway, payment.paymentId).refundKeys;
  // An operator may have recorded a refund that was made in the dashboard. The balance is checked elsewhere.
  if (isRefundedByHand(run, payment)) return [];

  return refunds
    .filter(
      ({ gatewayAmount, status }) =>
        gatewayAmount > 0 && (status === 'SUCCEEDED' || status === 'FAILED'),
    )
    .filter(({ refundId, status }) => {
      const isPaid = keys.includes(`rfd:${refundId}`);
      // The buyer's bank may return a refund that had succeeded. A comparison opens a review then.
      const mayBeReturned = isPaidWith(run, payment, /refund_fails_later/);

      return status === 'SUCCEEDED' ? !isPaid && !mayBeReturned : isPaid;
    })
    .map(({ refundId, status }) => `${refundId} is ${status}, the gateway says otherwise`);
};

export const refundAtGateway: Check = {
  name: 'refund-at-gateway',
  property:
    'A refund succeeded exactly if the gateway paid it under its key, and a payment counts exactly the refunds that succeeded and those in progress.',
  invariants: [4, 5],
  atEnd: (run) => {
    const refunds = Map.groupBy(refundsOf(run), ({ paymentId }) => paymentId);

    return paymentsOf(run).flatMap((payment) => {
      const own = refunds.get(payment.paymentId) ?? [];

      return [...wrongSums(payment, own), ...wrongRefunds(run, payment, own)];
    });
  },
};
