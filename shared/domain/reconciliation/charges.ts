import { hasOpenHint } from '../payments/inquiry-hint.ts';
import type { Payment } from '../payments/payment.ts';
import { comparing, type Disagreement, type Finding, type Subject } from './discrepancy.ts';
import type { Account, View } from './snapshot.ts';

/** A payment whose end is not known yet: what the PG has of it is neither right nor wrong. */
export interface OpenPayment {
  readonly paymentId: string;
  readonly status: Payment['status'];
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  /** What the PG has of it, refunds taken off. */
  readonly atPg: number;
  /** ISO 8601; since when it stands there. */
  readonly since: string;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const left = ({ charges }: Account) =>
  sum(charges.map(({ captured, refunded }) => captured - refunded));

/** What the PG must have of the payment, from the least to the most; undefined while nobody can know. */
const expectedAtPg = ({ payment, standing }: Account): readonly [number, number] | undefined => {
  const { status, amount, refunded, refundPending, attempt, lateCheck } = payment;
  if (standing === 'paid') return [amount - refunded - refundPending, amount - refunded];
  const wasSent = attempt > 0;
  // One that was proved not to be charged is asked about again: until then, what landed late is still to be found.
  const isAskedAgain =
    lateCheck?.dueAt !== undefined || hasOpenHint(payment) || status === 'LATE_CAPTURED';
  const isUndecided = standing === 'open' || status === 'IN_REVIEW' || isAskedAgain;

  return wasSent && isUndecided ? undefined : [0, 0];
};

/** One capture at most, and of it just so much as the payment says. */
export const chargeDisagreements = (subject: Subject, account: Account): Disagreement[] => {
  const { payment, charges } = account;
  const { count, state } = comparing(subject, payment.currency);
  const [least, most] = expectedAtPg(account) ?? [left(account), left(account)];
  const nearest = Math.min(Math.max(left(account), least), most);
  const captures = sum(charges.map((charge) => charge.captures));
  // A second capture that was paid back is history, and no money of the buyer's.
  const isDouble = captures > 1 && left(account) > payment.amount;

  return [
    ...count('left at the PG', left(account), nearest),
    ...state(
      'captures at the PG',
      isDouble ? `${captures}` : 'at most 1',
      ['at most 1'],
      left(account) - payment.amount,
    ),
    ...charges.flatMap((charge) =>
      state('currency at the PG', charge.currency, [payment.currency], charge.captured),
    ),
  ];
};

/** What no payment knows. It is captured for a payment that was stored first, so none is still to come. */
export const strangerFindings = ({ unknown }: View): Finding[] =>
  unknown.map(({ reference, currency, captured, refunded }) => {
    const subject: Subject = { kind: 'charge', id: reference };
    const { count } = comparing(subject, currency);

    return {
      subject,
      isStill: true,
      disagreements: count('left at the PG, for no payment', captured - refunded, 0),
    };
  });

/** What is still to be decided, by a machine or by a person. */
export const openPayments = ({ accounts }: View): OpenPayment[] =>
  accounts.filter(isOpen).map((account) => {
    const { paymentId, status, amount, currency, updatedAt: since } = account.payment;

    return { paymentId, status, amount, currency, atPg: left(account), since };
  });

const isOpen = (account: Account): boolean =>
  account.standing === 'open' ||
  ['FAILED', 'IN_REVIEW', 'LATE_CAPTURED'].includes(account.payment.status) ||
  (expectedAtPg(account) === undefined && left(account) > 0);
