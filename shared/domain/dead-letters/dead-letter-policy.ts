import { mayHaveGaps } from '../bounds.ts';
import { isCompensable } from '../compensation/compensation.ts';
import type { DomainEvent } from '../events/domain-event.ts';
import { isCompensationStarted } from '../payments/funds-state.ts';
import { hasOpenHint } from '../payments/inquiry-hint.ts';
import { isInquirable, isInquiryAnswered, isInquiryRequest } from '../payments/inquiry-request.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';

/**
 * What to do with a dead-lettered message, by the current state of its payment:
 * - `redrive`: the work is still to be done, and safe to do
 * - `inquiry-required`: the gateway may have charged; the sweeper starts the inquiry that decides
 * - `obsolete`: the work is done, or no longer needed
 * - `poison`: the message cannot be parsed, is about a version that does not exist, or says what is not stored
 */
export type DeadLetterDisposition = 'redrive' | 'inquiry-required' | 'obsolete' | 'poison';

export interface Classification {
  readonly disposition: DeadLetterDisposition;
  /** A sentence for the operator. */
  readonly reason: string;
}

/** The stored state behind a message, read at classification. */
export interface CurrentState {
  readonly payment?: Payment;
  readonly refund?: Refund;
  /** Whether the consumer has recorded its effect. */
  readonly hasEffect?: boolean;
}

interface DeadLetterEvent extends CurrentState {
  /** The function that failed, or the other name of the queue. */
  readonly consumer: string;
  readonly event: Pick<DomainEvent, 'id' | 'subject' | 'name' | 'time'>;
}

const redrive = (reason: string): Classification => ({ disposition: 'redrive', reason });
export const obsolete = (reason: string): Classification => ({ disposition: 'obsolete', reason });
export const poison = (reason: string): Classification => ({ disposition: 'poison', reason });
const inquiryRequired = (reason: string): Classification => ({
  disposition: 'inquiry-required',
  reason,
});

const scheduleConsumers = ['sweep-undelivered', 'backlog-undelivered', 'canary-undelivered'];

/** Whether a queue holds scheduled runs instead of events. */
export const isScheduleMessage = (consumer: string) => scheduleConsumers.includes(consumer);

/** The classification of a scheduled run that could not start. */
export const supersededSchedule = obsolete('Superseded by a later scheduled run.');

export const unparseable = (fault: unknown): Classification =>
  poison(`The message cannot be parsed: ${fault}`);

/** Independent of age: the charger releases a reservation whose hold has expired. */
const ofCharge = ({ status }: Payment): Classification => {
  if (status === 'CHARGING' || status === 'REQUIRES_ACTION' || status === 'UNKNOWN') {
    return inquiryRequired(`The payment is ${status}: the gateway may have charged it.`);
  }

  return status === 'RESERVED'
    ? redrive('The payment is RESERVED: the gateway has no charge.')
    : obsolete(`The payment is ${status}.`);
};

/** An inquiry request has no schedule behind it: only a redrive repeats it. */
const ofInquiryRequest = (payment: Payment, request: DeadLetterEvent['event']): Classification => {
  if (!isInquirable(payment)) return obsolete(`The payment is ${payment.status}.`);

  return isInquiryAnswered(request, payment)
    ? obsolete('The gateway was queried after this request.')
    : redrive(`The payment is ${payment.status}, and the gateway may have news.`);
};

const ofInquiry = (payment: Payment): Classification => {
  const { status, lateCaptureCheck } = payment;
  const isOpen =
    status === 'REQUIRES_ACTION' ||
    status === 'UNKNOWN' ||
    status === 'LATE_CAPTURED' ||
    lateCaptureCheck?.nextAt !== undefined ||
    (status === 'COMPENSATED' && hasOpenHint(payment));

  return isOpen
    ? redrive(`The payment is ${status}, and an inquiry is due.`)
    : obsolete(`The payment is ${status}.`);
};

const ofCompensation = (payment: Payment): Classification =>
  isCompensable(payment) && payment.status !== 'COMPENSATED'
    ? redrive(
        `The payment is ${payment.status}: targets without a compensation record are restored.`,
      )
    : obsolete(`The payment is ${payment.status}.`);

/** Under review an operator decides: the decision *failed* starts the compensation again. */
const ofFailure = (payment: Payment): Classification =>
  payment.status === 'FAILED' && !isCompensationStarted(payment)
    ? redrive('The payment is FAILED and not compensated.')
    : obsolete(`The payment is ${payment.status}.`);

const ofRefund = ({ status }: Refund): Classification =>
  status === 'REQUESTED'
    ? redrive('The refund is REQUESTED, and its idempotency key prevents a second refund.')
    : obsolete(`The refund is ${status}.`);

/**
 * Whether the version of the message exists or existed. A compacted history may have dropped it, but never
 * the first or the last version.
 */
const hasVersion = (
  { history, version }: Payment | Refund,
  { id, subject }: DeadLetterEvent['event'],
): boolean =>
  history.some((entry) => id === `${subject}-${entry.version}`) ||
  (mayHaveGaps(history) && mayBeCompacted(id, subject, version));

const mayBeCompacted = (id: string, subject: string, latest: number): boolean => {
  const version = Number(id.slice(subject.length + 1));

  return (
    id === `${subject}-${version}` && Number.isInteger(version) && version > 1 && version < latest
  );
};

/** Classifies a message that can be parsed. */
export const classify = (message: DeadLetterEvent): Classification => {
  const { consumer, event, payment, refund, hasEffect } = message;
  const aggregate = refund ?? payment;
  if (aggregate === undefined) return poison(`${event.subject} does not exist.`);
  // The ids of points events and inquiry requests are not versions of the payment.
  if (
    !event.name.startsWith('Points') &&
    !isInquiryRequest(event) &&
    !hasVersion(aggregate, event)
  ) {
    return poison(`${event.subject} has no version for event ${event.id}.`);
  }
  if (hasEffect) return obsolete('The consumer has already processed it.');
  if (consumer === 'charge-payment' && payment) return ofCharge(payment);
  if (consumer === 'inquire-payment' && payment) {
    return isInquiryRequest(event) ? ofInquiryRequest(payment, event) : ofInquiry(payment);
  }
  if (consumer === 'compensate-payment' && payment) return ofFailure(payment);
  if (consumer === 'compensation-undelivered' && payment) return ofCompensation(payment);
  if (consumer === 'execute-refund' && refund) return ofRefund(refund);

  return redrive('The consumer is idempotent and has no record of processing it.');
};
