import { hasOpenHint } from '../payments/inquiry-hint.ts';
import type { Payment } from '../payments/payment.ts';
import { gatewayRefundableAmount } from '../payments/refundable.ts';
import { gatewayRemainderOf } from '../payments/tenders.ts';
import {
  type Discrepancy,
  discrepanciesFor,
  type Subject,
  type SubjectResult,
  sum,
} from './discrepancy.ts';
import type { PaymentAccount, Snapshot } from './snapshot.ts';

/** A payment without a final outcome. Its amount at the gateway is not compared. */
export interface UndecidedPayment {
  readonly paymentId: string;
  readonly status: Payment['status'];
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  /** The captured amount at the gateway, less refunds. */
  readonly remainingAtGateway: number;
  /** ISO 8601. Time of the last transition. */
  readonly since: string;
}

const remainingAtGateway = ({ charges }: PaymentAccount) =>
  sum(charges.map(({ captured, refunded }) => captured - refunded));

/** The range of the expected amount at the gateway, from min to max; undefined while the outcome is open. */
const expectedGatewayAmount = ({
  payment,
  fundsState,
}: PaymentAccount): readonly [number, number] | undefined => {
  if (fundsState === 'captured')
    return [gatewayRefundableAmount(payment), gatewayRemainderOf(payment)];
  const { status, attempt, lateCaptureCheck } = payment;
  const wasSent = attempt > 0;
  // Until the late-capture check, the gateway may hold a charge that was not found before.
  const isInquiryPending =
    lateCaptureCheck?.nextAt !== undefined || hasOpenHint(payment) || status === 'LATE_CAPTURED';
  const isUndecided = fundsState === 'held' || status === 'IN_REVIEW' || isInquiryPending;

  return wasSent && isUndecided ? undefined : [0, 0];
};

/** Compares a payment with its charges: at most one capture, with the expected amount and currency. */
export const chargeDiscrepancies = (subject: Subject, account: PaymentAccount): Discrepancy[] => {
  const { payment, charges } = account;
  const { count, state } = discrepanciesFor(subject, payment.currency);
  const [min, max] = expectedGatewayAmount(account) ?? [
    remainingAtGateway(account),
    remainingAtGateway(account),
  ];
  const nearest = Math.min(Math.max(remainingAtGateway(account), min), max);
  const captures = sum(charges.map((charge) => charge.captures));
  // A second capture that was refunded is not a discrepancy.
  const isDouble = captures > 1 && remainingAtGateway(account) > payment.gatewayAmount;

  return [
    ...count('gateway balance', remainingAtGateway(account), nearest),
    ...state(
      'gateway captures',
      isDouble ? `${captures}` : 'at most 1',
      ['at most 1'],
      remainingAtGateway(account) - payment.gatewayAmount,
    ),
    ...charges.flatMap((charge) =>
      state('gateway currency', charge.currency, [payment.currency], charge.captured),
    ),
  ];
};

/** The charges without a payment. Always conclusive, because a payment is stored before it is charged. */
export const unmatchedCharges = ({ unmatched }: Snapshot): SubjectResult[] =>
  unmatched.map(({ reference, currency, captured, refunded }) => {
    const subject: Subject = { kind: 'charge', id: reference };
    const { count } = discrepanciesFor(subject, currency);

    return {
      subject,
      isStable: true,
      discrepancies: count('gateway balance without a payment', captured - refunded, 0),
    };
  });

/** The payments without a final outcome. */
export const undecidedPayments = ({ accounts }: Snapshot): UndecidedPayment[] =>
  accounts.filter(isUndecidedAccount).map((account) => {
    const { paymentId, status, amount, currency, updatedAt: since } = account.payment;

    return {
      paymentId,
      status,
      amount,
      currency,
      remainingAtGateway: remainingAtGateway(account),
      since,
    };
  });

const isUndecidedAccount = (account: PaymentAccount): boolean =>
  account.fundsState === 'held' ||
  ['FAILED', 'IN_REVIEW', 'LATE_CAPTURED'].includes(account.payment.status) ||
  (expectedGatewayAmount(account) === undefined && remainingAtGateway(account) > 0);
