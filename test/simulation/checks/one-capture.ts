import { paymentIdOfReference } from '../../../shared/domain/payments/charge-reference.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { attemptsOf, truthOfPayment } from '../gateways/payment-truth.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { mayCaptureLate } from './known-differences.ts';
import { ordersOf, paymentsOf, sumOf } from './stored-items.ts';

/**
 * How often the gateway has captured a payment. A method that is captured after its decline is exempt: the gateway
 * itself has said that the attempt ended, so each attempt counts for itself.
 */
export const capturesOf = (run: RunRecord, payment: Payment): number => {
  const { gateway } = run;
  const { paymentId } = payment;

  return mayCaptureLate(run, payment)
    ? Math.max(0, ...attemptsOf(gateway, paymentId).map((one) => gateway.truthOf(one).captures))
    : truthOfPayment(gateway, paymentId).captures;
};

export const oneCapture: Check = {
  name: 'one-capture',
  property:
    'The gateway captures at most one charge for an order, and none for an order that does not exist.',
  invariants: [4],
  atEnd: (run) => {
    const payments = paymentsOf(run);
    const known = new Set(payments.map(({ paymentId }) => paymentId));
    const orders = ordersOf(run).flatMap(({ orderId }) => {
      const captures = sumOf(
        payments.filter((payment) => payment.orderId === orderId),
        (payment) => capturesOf(run, payment),
      );

      return captures > 1 ? [`${orderId} is captured ${captures} times`] : [];
    });
    const strangers = run.gateway
      .references()
      .filter((reference) => !known.has(paymentIdOfReference(reference)))
      .filter((reference) => run.gateway.truthOf(reference).captures > 0)
      .map((reference) => `${reference} is captured, and there is no such payment`);

    return [...orders, ...strangers];
  },
};
