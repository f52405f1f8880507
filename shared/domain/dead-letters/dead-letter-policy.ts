import { mayHaveGaps } from '../bounds.ts';
import { isCompensable } from '../compensation/compensation.ts';
import type { DomainEvent } from '../events/domain-event.ts';
import { hasOpenHint } from '../payments/inquiry-hint.ts';
import { isInquirable, isInquiryAnswered, isInquiryRequest } from '../payments/inquiry-request.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';

/**
 * What is to become of a dead letter, by what its payment is now:
 * - `send-again`: what it asks for is still to be done, and may be done
 * - `inquire-first`: the PG may have charged; only its answer decides, and a sweep asks for that by itself
 * - `already-done`: somebody else has done it, or it is to be done no more
 * - `poison`: it cannot be read, or tells of something that never happened
 */
export type DeadLetterDisposition = 'redrive' | 'inquiry-required' | 'obsolete' | 'poison';

export interface Classification {
  readonly disposition: DeadLetterDisposition;
  /** For a person, a sentence. */
  readonly reason: string;
}

/** What is known of the thing that a letter is about, read when it is classified. */
export interface CurrentState {
  readonly payment?: Payment;
  readonly refund?: Refund;
  /** The listener has its effect on record. */
  readonly hasEffect?: boolean;
}

interface DeadLetterEvent extends CurrentState {
  /** Folder of the function that could not handle it, or what else the queue is named for. */
  readonly consumer: string;
  readonly event: Pick<DomainEvent, 'id' | 'subject' | 'name' | 'time'>;
}

const redrive = (reason: string): Classification => ({ disposition: 'redrive', reason });
export const obsolete = (reason: string): Classification => ({ disposition: 'obsolete', reason });
const poison = (reason: string): Classification => ({ disposition: 'poison', reason });
const inquiryRequired = (reason: string): Classification => ({
  disposition: 'inquiry-required',
  reason,
});

const scheduleConsumers = ['sweep-undelivered', 'backlog-undelivered'];

/** Whether a queue holds ticks of a schedule, and no events. */
export const isScheduleMessage = (consumer: string) => scheduleConsumers.includes(consumer);

/** A tick that could not start. */
export const supersededSchedule = obsolete('A later tick has done its work.');

export const unparseable = (fault: unknown): Classification =>
  poison(`It cannot be read: ${fault}`);

/** However old: a reservation that is past its hold is released instead of charged. */
const ofCharge = ({ status }: Payment): Classification => {
  if (status === 'CHARGING' || status === 'UNKNOWN') {
    return inquiryRequired(`The payment is ${status}: the PG may have charged it.`);
  }

  return status === 'RESERVED'
    ? redrive('The payment is RESERVED: nothing of it is at the PG.')
    : obsolete(`The payment is ${status}.`);
};

/** No schedule stands behind a wish: where nobody has asked the PG since, nobody else will. */
const ofInquiryRequest = (payment: Payment, request: DeadLetterEvent['event']): Classification => {
  if (!isInquirable(payment)) return obsolete(`The payment is ${payment.status}.`);

  return isInquiryAnswered(request, payment)
    ? obsolete('The PG was asked since.')
    : redrive(`The payment is ${payment.status}, and the PG may know more of it.`);
};

const ofInquiry = (payment: Payment): Classification => {
  const { status, lateCaptureCheck } = payment;
  const isOpen =
    status === 'UNKNOWN' ||
    status === 'LATE_CAPTURED' ||
    lateCaptureCheck?.nextAt !== undefined ||
    (status === 'COMPENSATED' && hasOpenHint(payment));

  return isOpen
    ? redrive(`The payment is ${status}, and the PG is to be asked.`)
    : obsolete(`The payment is ${status}.`);
};

const ofCompensation = (payment: Payment): Classification =>
  isCompensable(payment) && payment.status !== 'COMPENSATED'
    ? redrive(`The payment is ${payment.status}: what has no record is undone.`)
    : obsolete(`The payment is ${payment.status}.`);

const ofRefund = ({ status }: Refund): Classification =>
  status === 'REQUESTED'
    ? redrive('The refund is REQUESTED, and its key makes it one.')
    : obsolete(`The refund is ${status}.`);

/**
 * Whether there was the version that a letter names. A history that may have gaps may have left it out, if it is one between two that
 * are kept.
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

/** What is to become of a letter that can be read. */
export const classify = (message: DeadLetterEvent): Classification => {
  const { consumer, event, payment, refund, hasEffect } = message;
  const aggregate = refund ?? payment;
  if (aggregate === undefined) return poison(`There is no ${event.subject}.`);
  // Points and wishes have ids of their own, which are no version of the payment.
  if (
    !event.name.startsWith('Points') &&
    !isInquiryRequest(event) &&
    !hasVersion(aggregate, event)
  ) {
    return poison(`${event.subject} never had a version that ${event.id} would tell of.`);
  }
  if (hasEffect) return obsolete('Its effect is on record.');
  if (consumer === 'charge-payment' && payment) return ofCharge(payment);
  if (consumer === 'inquire-payment' && payment) {
    return isInquiryRequest(event) ? ofInquiryRequest(payment, event) : ofInquiry(payment);
  }
  if (consumer === 'compensation-undelivered' && payment) return ofCompensation(payment);
  if (consumer === 'execute-refund' && refund) return ofRefund(refund);

  return redrive('It is safe to hear twice, and not known to be heard.');
};
