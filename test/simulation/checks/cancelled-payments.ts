import type { Payment } from '../../../shared/domain/payments/payment.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { describePayment, isPaymentUndone, paymentsOf, refundsOf, sumOf } from './stored-items.ts';

const cancelledIn = (run: RunRecord): ReadonlySet<string> =>
  new Set([
    ...run.answers
      .filter(({ status, request }) => status === 202 && request.path.endsWith('/cancel'))
      .map(({ body }) => String(body?.paymentId)),
    ...paymentsOf(run)
      .filter(({ cancelRequestedAt }) => cancelRequestedAt !== undefined)
      .map(({ paymentId }) => paymentId),
  ]);

/** Whether an operator decides, or has decided, about what was not given back. */
const isDecidedByOperator = (run: RunRecord, { paymentId }: Payment): boolean =>
  refundsOf(run).some(
    (refund) =>
      refund.paymentId === paymentId &&
      refund.isForCancellation === true &&
      refund.history.some(({ to }) => to === 'UNDER_REVIEW'),
  );

/** All of the amount; all units, if the payment cost nothing. */
const isGivenBack = (payment: Payment): boolean => {
  const { amount, refunded, refundedUnits = 0, reservation } = payment;
  if (isPaymentUndone(payment)) return true;
  if (payment.status !== 'COMPLETED') return false;
  const units = sumOf(reservation?.lines ?? [], ({ quantity }) => quantity);

  return amount > 0 ? refunded === amount : refundedUnits === units;
};

export const cancelledPayments: Check = {
  name: 'cancelled-payments',
  property:
    'A payment whose cancellation was acknowledged is given back in full, or an operator decides about its refund.',
  invariants: [7, 9],
  atEnd: (run) => {
    const cancelled = cancelledIn(run);

    return paymentsOf(run)
      .filter(({ paymentId }) => cancelled.has(paymentId))
      .filter((payment) => payment.status !== 'IN_REVIEW' && !isGivenBack(payment))
      .filter((payment) => !isDecidedByOperator(run, payment))
      .map(
        (payment) =>
          `${describePayment(payment)} was cancelled, and ${payment.amount - payment.refunded} is kept`,
      );
  },
};
