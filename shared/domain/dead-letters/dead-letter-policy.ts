import { mayHaveGaps } from '../bounds.ts';
import { isCompensable } from '../compensation/compensation.ts';
import type { DomainEvent } from '../events/domain-event.ts';
import { hasOpenHint } from '../payments/inquiry-hint.ts';
import { canBeAsked, isAsk, isFulfilled } from '../payments/inquiry-request.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';

/**
 * What is to become of a dead letter, by what its payment is now:
 * - `send-again`: what it asks for is still to be done, and may be done
 * - `inquire-first`: the PG may have charged; only its answer decides, and a sweep asks for that by itself
 * - `already-done`: somebody else has done it, or it is to be done no more
 * - `poison`: it cannot be read, or tells of something that never happened
 */
export type DeadLetterClass = 'send-again' | 'inquire-first' | 'already-done' | 'poison';

export interface Classified {
  readonly class: DeadLetterClass;
  /** For a person, a sentence. */
  readonly why: string;
}

/** What is known of the thing that a letter is about, read when it is classified. */
export interface Facts {
  readonly payment?: Payment;
  readonly refund?: Refund;
  /** The listener has its effect on record. */
  readonly isDone?: boolean;
}

interface Letter extends Facts {
  /** Folder of the function that could not handle it, or what else the queue is named for. */
  readonly consumer: string;
  readonly event: Pick<DomainEvent, 'id' | 'subject' | 'name' | 'time'>;
}

const again = (why: string): Classified => ({ class: 'send-again', why });
export const done = (why: string): Classified => ({ class: 'already-done', why });
const poison = (why: string): Classified => ({ class: 'poison', why });
const inquire = (why: string): Classified => ({ class: 'inquire-first', why });

const ticks = ['sweep-undelivered', 'backlog-undelivered'];

/** Whether a queue holds ticks of a schedule, and no events. */
export const isOfATick = (consumer: string) => ticks.includes(consumer);

/** A tick that could not start. */
export const laterTick = done('A later tick has done its work.');

export const unreadable = (fault: unknown): Classified => poison(`It cannot be read: ${fault}`);

/** However old: a reservation that is past its hold is released instead of charged. */
const ofCharge = ({ status }: Payment): Classified => {
  if (status === 'CHARGING' || status === 'UNKNOWN') {
    return inquire(`The payment is ${status}: the PG may have charged it.`);
  }

  return status === 'RESERVED'
    ? again('The payment is RESERVED: nothing of it is at the PG.')
    : done(`The payment is ${status}.`);
};

/** No schedule stands behind a wish: where nobody has asked the PG since, nobody else will. */
const ofWish = (payment: Payment, wish: Letter['event']): Classified => {
  if (!canBeAsked(payment)) return done(`The payment is ${payment.status}.`);

  return isFulfilled(wish, payment)
    ? done('The PG was asked since.')
    : again(`The payment is ${payment.status}, and the PG may know more of it.`);
};

const ofInquiry = (payment: Payment): Classified => {
  const { status, lateCheck } = payment;
  const isOpen =
    status === 'UNKNOWN' ||
    status === 'LATE_CAPTURED' ||
    lateCheck?.dueAt !== undefined ||
    (status === 'COMPENSATED' && hasOpenHint(payment));

  return isOpen
    ? again(`The payment is ${status}, and the PG is to be asked.`)
    : done(`The payment is ${status}.`);
};

const ofCompensation = (payment: Payment): Classified =>
  isCompensable(payment) && payment.status !== 'COMPENSATED'
    ? again(`The payment is ${payment.status}: what has no record is undone.`)
    : done(`The payment is ${payment.status}.`);

const ofRefund = ({ status }: Refund): Classified =>
  status === 'REQUESTED'
    ? again('The refund is REQUESTED, and its key makes it one.')
    : done(`The refund is ${status}.`);

/**
 * Whether there was the version that a letter names. A history that may have gaps may have left it out, if it is one between two that
 * are kept.
 */
const isIn = ({ history, version }: Payment | Refund, { id, subject }: Letter['event']): boolean =>
  history.some((entry) => id === `${subject}-${entry.version}`) ||
  (mayHaveGaps(history) && isBetween(id, subject, version));

const isBetween = (id: string, subject: string, latest: number): boolean => {
  const version = Number(id.slice(subject.length + 1));

  return (
    id === `${subject}-${version}` && Number.isInteger(version) && version > 1 && version < latest
  );
};

/** What is to become of a letter that can be read. */
export const classify = (letter: Letter): Classified => {
  const { consumer, event, payment, refund, isDone } = letter;
  const story = refund ?? payment;
  if (story === undefined) return poison(`There is no ${event.subject}.`);
  // Points and wishes have ids of their own, which are no version of the payment.
  if (!event.name.startsWith('Points') && !isAsk(event) && !isIn(story, event)) {
    return poison(`${event.subject} never had a version that ${event.id} would tell of.`);
  }
  if (isDone) return done('Its effect is on record.');
  if (consumer === 'charge-payment' && payment) return ofCharge(payment);
  if (consumer === 'inquire-payment' && payment) {
    return isAsk(event) ? ofWish(payment, event) : ofInquiry(payment);
  }
  if (consumer === 'compensation-undelivered' && payment) return ofCompensation(payment);
  if (consumer === 'execute-refund' && refund) return ofRefund(refund);

  return again('It is safe to hear twice, and not known to be heard.');
};
