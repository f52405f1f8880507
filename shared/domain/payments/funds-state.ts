import type { Payment, PaymentStatus } from './payment.ts';
import { paymentTransitions } from './payment-transition-table.ts';

/** Whether the funds of a payment are held, captured, or releasable: released already, or to be released. */
export type FundsState = 'held' | 'captured' | 'releasable';

const heldStatuses = [
  'REQUIRES_METHOD',
  'RESERVED',
  'CHARGING',
  'REQUIRES_ACTION',
  'UNKNOWN',
] as const satisfies readonly PaymentStatus[];

/** The funds state of a payment. Under review it is the state before the review. */
export const fundsStateOf = ({
  status,
  history,
}: Pick<Payment, 'status' | 'history'>): FundsState => {
  const statusBeforeReview = status === 'IN_REVIEW' ? history.at(-1)?.from : status;
  if (statusBeforeReview === 'COMPLETED') return 'captured';

  return heldStatuses.some((each) => each === statusBeforeReview) ? 'held' : 'releasable';
};

/** Whether the workflow compensates a FAILED payment step by step, because one transaction could not. */
export const isCompensationStarted = ({ history }: Pick<Payment, 'history'>): boolean =>
  history.at(-1)?.event === paymentTransitions.compensationStarted.event;

/** Whether compensation cancels the order of this payment. Under review an operator decides first. */
export const isBeingReleased = (payment: Payment): boolean =>
  payment.status !== 'IN_REVIEW' && fundsStateOf(payment) === 'releasable';
