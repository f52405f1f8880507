import { paymentIdOfReference } from '../../../shared/domain/payments/charge-reference.ts';
import { truthOfPayment } from '../gateways/payment-truth.ts';
import type { Check } from './check.ts';
import { mayCaptureLate } from './known-differences.ts';
import { ordersOf, paymentsOf, sumOf } from './stored-items.ts';

/** A method that is captured after its decline is exempt: the gateway itself has said that it ended. */
export const oneCapture: Check = {
  name: 'one-capture',
  property:
    'The gateway captures at most one charge for an order, and none for an order that does not exist.',
  invariants: [4],
  atEnd: (run) => {
    const payments = paymentsOf(run);
    const known = new Set(payments.map(({ paymentId }) => paymentId));
    const orders = ordersOf(run).flatMap(({ orderId }) => {
      const ofOrder = payments.filter((payment) => payment.orderId === orderId);
      const captures = sumOf(
        ofOrder,
        ({ paymentId }) => truthOfPayment(run.gateway, paymentId).captures,
      );
      const isExempt = ofOrder.some((payment) => mayCaptureLate(run, payment));

      return captures > 1 && !isExempt ? [`${orderId} is captured ${captures} times`] : [];
    });
    const strangers = run.gateway
      .references()
      .filter((reference) => !known.has(paymentIdOfReference(reference)))
      .filter((reference) => run.gateway.truthOf(reference).captures > 0)
      .map((reference) => `${reference} is captured, and there is no such payment`);

    return [...orders, ...strangers];
  },
};
