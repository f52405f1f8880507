import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Check } from './check.ts';
import { unitsOf, unless } from './stored-items.ts';

const excesses = (payment: Payment): readonly string[] => {
  const { paymentId, amount, refunded, refundPending, refundedLines = [], reservation } = payment;
  const { gatewayAmount, gatewayRefunded = 0, gatewayRefundPending = 0 } = payment;
  const atGateway = gatewayRefunded + gatewayRefundPending;
  const toBalance = refunded + refundPending - atGateway;

  return [
    ...unless(
      Math.min(refunded, refundPending) >= 0 && refunded + refundPending <= amount,
      () => `${paymentId}: refunded ${refunded} and pending ${refundPending} of ${amount}`,
    ),
    ...unless(
      Math.min(gatewayRefunded, gatewayRefundPending) >= 0 && atGateway <= gatewayAmount,
      () => `${paymentId}: ${atGateway} of ${gatewayAmount} go back by the gateway`,
    ),
    ...unless(
      toBalance >= 0 && toBalance <= amount - gatewayAmount,
      () => `${paymentId}: ${toBalance} of ${amount - gatewayAmount} go back to the balance`,
    ),
    ...refundedLines.flatMap(({ sku, quantity }) =>
      unless(
        quantity >= 0 && quantity <= unitsOf(reservation?.lines, sku),
        () => `${paymentId}: ${quantity} units of ${sku} are refunded`,
      ),
    ),
  ];
};

export const refundLimits: Check = {
  name: 'refund-limits',
  property:
    'Refunds that succeeded or are in progress never exceed the amount, either part of it and the units of their payment.',
  invariants: [3],
  onWrite: ({ table, after }) =>
    table === 'Payments' && after ? excesses(after as unknown as Payment) : [],
};
