import { hasOpenHint } from '../payments/inquiry-hint.ts';
import type { Payment } from '../payments/payment.ts';
import {
  type Discrepancy,
  discrepanciesFor,
  type Subject,
  type SubjectResult,
} from './discrepancy.ts';
import type { PaymentAccount, Snapshot } from './snapshot.ts';

/** A payment whose end is not known yet: what the PG has of it is neither right nor wrong. */
export interface UndecidedPayment {
  readonly paymentId: string;
  readonly status: Payment['status'];
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  /** What the PG has of it, refunds taken off. */
  readonly gatewayAmount: number;
  /** ISO 8601; since when it stands there. */
  readonly since: string;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const gatewayRemaining = ({ charges }: PaymentAccount) =>
  sum(charges.map(({ captured, refunded }) => captured - refunded));

/** What the PG must have of the payment, from the least to the most; undefined while nobody can know. */
const expectedGatewayAmount = ({
  payment,
  fundsState,
}: PaymentAccount): readonly [number, number] | undefined => {
  const { status, amount, refunded, refundPending, attempt, lateCaptureCheck } = payment;
  if (fundsState === 'captured') return [amount - refunded - refundPending, amount - refunded];
  const wasSent = attempt > 0;
  // One that was proved not to be charged is asked about again: until then, what landed late is still to be
  // found.
  const isInquiryPending =
    lateCaptureCheck?.nextAt !== undefined || hasOpenHint(payment) || status === 'LATE_CAPTURED';
  const isUndecided = fundsState === 'held' || status === 'IN_REVIEW' || isInquiryPending;

  return wasSent && isUndecided ? undefined : [0, 0];
};

/** One capture at most, and of it just so much as the payment says. */
export const chargeDiscrepancies = (subject: Subject, account: PaymentAccount): Discrepancy[] => {
  const { payment, charges } = account;
  const { count, state } = discrepanciesFor(subject, payment.currency);
  const [min, max] = expectedGatewayAmount(account) ?? [
    gatewayRemaining(account),
    gatewayRemaining(account),
  ];
  const nearest = Math.min(Math.max(gatewayRemaining(account), min), max);
  const captures = sum(charges.map((charge) => charge.captures));
  // A second capture that was paid back is history, and no money of the buyer's.
  const isDouble = captures > 1 && gatewayRemaining(account) > payment.amount;

  return [
    ...count('left at the PG', gatewayRemaining(account), nearest),
    ...state(
      'captures at the PG',
      isDouble ? `${captures}` : 'at most 1',
      ['at most 1'],
      gatewayRemaining(account) - payment.amount,
    ),
    ...charges.flatMap((charge) =>
      state('currency at the PG', charge.currency, [payment.currency], charge.captured),
    ),
  ];
};

/** What no payment knows. It is captured for a payment that was stored first, so none is still to come. */
export const unmatchedCharges = ({ unmatched }: Snapshot): SubjectResult[] =>
  unmatched.map(({ reference, currency, captured, refunded }) => {
    const subject: Subject = { kind: 'charge', id: reference };
    const { count } = discrepanciesFor(subject, currency);

    return {
      subject,
      isStable: true,
      discrepancies: count('left at the PG, for no payment', captured - refunded, 0),
    };
  });

/** What is still to be decided, by a machine or by a person. */
export const undecidedPayments = ({ accounts }: Snapshot): UndecidedPayment[] =>
  accounts.filter(isUndecidedAccount).map((account) => {
    const { paymentId, status, amount, currency, updatedAt: since } = account.payment;

    return { paymentId, status, amount, currency, gatewayAmount: gatewayRemaining(account), since };
  });

const isUndecidedAccount = (account: PaymentAccount): boolean =>
  account.fundsState === 'held' ||
  ['FAILED', 'IN_REVIEW', 'LATE_CAPTURED'].includes(account.payment.status) ||
  (expectedGatewayAmount(account) === undefined && gatewayRemaining(account) > 0);
