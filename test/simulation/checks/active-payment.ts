import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { Check } from './check.ts';
import { isPaymentUndone, paymentsOf } from './stored-items.ts';

export const activePayment: Check = {
  name: 'active-payment',
  property:
    'A payment that reserves something is accepted only while no other payment of its order is active.',
  invariants: [4],
  onWrite: ({ table, before, after }, run) => {
    if (table !== 'Payments' || before !== undefined || after === undefined) return [];
    const { paymentId, orderId, reservation } = after as unknown as Payment;
    if (reservation === undefined) return [];

    return paymentsOf(run)
      .filter((other) => other.orderId === orderId && other.paymentId !== paymentId)
      .filter((other) => other.reservation !== undefined && !isPaymentUndone(other))
      .map(
        (other) => `${orderId} has ${paymentId} and ${other.paymentId}, which is ${other.status}`,
      );
  },
};
