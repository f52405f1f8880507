import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { truthOfPayment } from '../gateways/payment-truth.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { mayCaptureLate, netAtGateway } from './known-differences.ts';
import { describePayment, isPaymentUndone, paymentsOf } from './stored-items.ts';

/** An operator may find that a capture was refunded in the dashboard. */
const wasReviewed = ({ history }: Payment): boolean => history.some(({ to }) => to === 'IN_REVIEW');

/** What is wrong with a payment in the moment in which it fails. */
const faultsOf = (run: RunRecord, payment: Payment): readonly string[] => {
  const { attempt, failure, reservation } = payment;
  const faults: string[] = [];
  if (failure === undefined) faults.push(`${describePayment(payment)} has no failure`);
  // A rejected payment reserved nothing, so it needs no evidence.
  else if (reservation !== undefined && !failure.evidence)
    faults.push(`${describePayment(payment)} failed as ${failure.code} without evidence`);
  const net = netAtGateway(run, payment);
  if (attempt > 0 && net !== 0 && !mayCaptureLate(run, payment))
    faults.push(`${describePayment(payment)} fails while the gateway holds ${net}`);

  return faults;
};

/**
 * A method that captures late is exempt: at the moment of its decline nothing is captured, and what comes later is
 * refunded, which another check requires.
 */
export const failedPayments: Check = {
  name: 'failed-payments',
  property:
    'A payment fails only with stored evidence and while the gateway holds nothing of it, and the gateway captures nothing of it afterwards.',
  invariants: [5],
  onWrite: ({ table, before, after }, run) =>
    table === 'Payments' && after?.status === 'FAILED' && before?.status !== 'FAILED'
      ? faultsOf(run, after as unknown as Payment)
      : [],
  atEnd: (run) =>
    paymentsOf(run)
      .filter((payment) => isPaymentUndone(payment) && !mayCaptureLate(run, payment))
      .filter(
        (payment) =>
          !wasReviewed(payment) && truthOfPayment(run.gateway, payment.paymentId).captures > 0,
      )
      .map((payment) => `${describePayment(payment)} was captured, although it had failed`),
};
