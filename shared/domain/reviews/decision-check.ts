import { fundsStateOf } from '../payments/funds-state.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';
import type { Decision } from './review.ts';

/** What the gateway shows of a payment's charge now. Amounts in minor units. */
export type ObservedCharge =
  | {
      readonly known: 'captured';
      readonly captured: number;
      /** All refunds of it, whoever made them. */
      readonly refunded: number;
      /** Where its reference or currency is not that of the payment. */
      readonly differences: readonly string[];
    }
  /** It was refused there, or never arrived and never will. */
  | { readonly known: 'nothing' }
  /** Not found, which proves nothing as long as it may still be on its way. */
  | { readonly known: 'not-found' }
  | { readonly known: 'unclear' };

/** What the gateway shows of a refund now. */
export type ObservedRefund =
  | { readonly known: 'paid' }
  | { readonly known: 'in-progress' }
  /**
   * It has refused our key, or knows none of it, and somebody may have refunded it there all the same:
   * `unbooked` is how much less is left of the charge than is booked.
   */
  | { readonly known: 'refused' | 'not-found'; readonly unbooked: number }
  | { readonly known: 'unclear' };

/** Whether a decision agrees with what the gateway shows and with what is stored. */
export type DecisionCheck =
  | { readonly result: 'agrees' }
  | { readonly result: 'contradicts'; readonly detail: string }
  /** It cannot be told now. */
  | { readonly result: 'unclear' };

const agrees: DecisionCheck = { result: 'agrees' };
const unclear: DecisionCheck = { result: 'unclear' };
const contradicts = (...detail: readonly string[]): DecisionCheck => ({
  result: 'contradicts',
  detail: detail.join(' '),
});

/**
 * A payment may be completed where exactly its money is left at the gateway, and may be failed or reversed
 * where nothing of it is. What had failed before its review is only compensated further: a capture that is
 * found then is refunded by the late checks. Without an amount the gateway has no say.
 */
export const checkDecision = (
  decision: Decision,
  payment: Payment,
  observed: ObservedCharge,
): DecisionCheck => {
  if (payment.amount === 0) return agrees;
  if (observed.known === 'captured') return checkCaptured(decision, payment, observed);
  const { pg } = payment;
  if (decision === 'completed') {
    return observed.known === 'unclear'
      ? unclear
      : contradicts('The gateway has no charge of it, so it cannot be completed.');
  }
  if (isCompensationOnly(decision, payment)) return observed.known === 'unclear' ? unclear : agrees;
  if (pg !== undefined && (decision === 'failed' || observed.known === 'nothing')) {
    return contradicts(
      `It is stored that the gateway captured it as ${pg.transactionId}, and the gateway does not show that it was refunded.`,
      `Refund it at the gateway, then resolve as ${decision}.`,
    );
  }

  return observed.known === 'nothing' ? agrees : unclear;
};

/** To give back further what failed long ago. It says nothing about the charge. */
export const isCompensationOnly = (decision: Decision, payment: Payment): boolean =>
  decision === 'failed' && fundsStateOf(payment) === 'releasable';

const checkCaptured = (
  decision: Decision,
  payment: Payment,
  observed: Extract<ObservedCharge, { known: 'captured' }>,
): DecisionCheck => {
  if (isCompensationOnly(decision, payment)) return agrees;
  const { captured, refunded, differences } = observed;
  const left = captured - refunded;
  const expected = payment.amount - payment.refunded;
  const seen = `The gateway has captured ${captured} ${payment.currency} and refunded ${refunded}: ${left} is left`;
  if (decision !== 'completed') {
    return left === 0
      ? agrees
      : contradicts(`${seen}.`, `Refund ${left} there, then resolve as ${decision}.`);
  }
  if (differences.length > 0) {
    return contradicts(
      `The gateway has captured something else: ${differences.join(', ')}.`,
      `Refund what is left of it there (${left}), then resolve as failed.`,
    );
  }
  if (left === expected) return agrees;
  const all = left > 0 ? `refund ${left} there and resolve as failed` : 'resolve as failed';
  const options =
    left > expected ? `refund ${left - expected} there and resolve as completed, or ${all}` : all;

  return contradicts(`${seen}, and ${expected} should be.`, `To go on, ${options}.`);
};

/**
 * A refund may be completed where the gateway has paid it back: under our key or, where it refused that or
 * knows none of it, by another refund, which shows as a difference between what is left of the charge and
 * what is booked. It may be failed where the gateway has done neither. What is stored of its answer counts
 * where it cannot say it again.
 */
export const checkRefundDecision = (
  decision: Decision,
  { refund, payment }: { readonly refund: Refund; readonly payment: Payment },
  observed: ObservedRefund,
): DecisionCheck => {
  const { amount, pg } = refund;
  if (amount === 0) return agrees;
  const isPaid = decision === 'completed';
  const otherPending = payment.refundPending - amount;
  if (observed.known === 'paid') {
    return isPaid ? agrees : contradicts(paidBackDetail('The gateway has paid it back'));
  }
  if (observed.known === 'refused') {
    const seen = 'The gateway has refused this refund';

    return checkTotals(isPaid, refund, { seen, otherPending, unbooked: observed.unbooked });
  }
  if (pg !== undefined) {
    return isPaid
      ? agrees
      : contradicts(paidBackDetail(`It is stored that the gateway paid it back as ${pg.refundId}`));
  }
  if (observed.known === 'in-progress') {
    return isPaid
      ? unclear
      : contradicts('The gateway is still working on this refund. Wait for its end.');
  }
  if (observed.known === 'unclear') return unclear;
  const seen = 'The gateway knows no refund of this key';

  return checkTotals(isPaid, refund, { seen, otherPending, unbooked: observed.unbooked });
};

interface Totals {
  readonly seen: string;
  readonly otherPending: number;
  readonly unbooked: number;
}

/**
 * Whether the refund is among what the gateway has refunded of the charge, where it was not paid under its
 * key.
 */
const checkTotals = (
  isPaid: boolean,
  { amount, currency }: Refund,
  { seen: ofKey, otherPending, unbooked }: Totals,
): DecisionCheck => {
  const isCovered = unbooked >= amount + otherPending;
  const isMissing = unbooked < amount;
  if (isPaid ? isCovered : isMissing) return agrees;
  const seen = `${ofKey}, and has refunded ${unbooked} ${currency} of the charge beyond what is booked.`;
  if (isCovered) return contradicts(seen, 'This refund is in it. Resolve it as completed.');
  if (isMissing) {
    return contradicts(
      seen,
      `Refund ${amount - unbooked} there, then resolve it as completed; or resolve it as failed.`,
    );
  }

  return contradicts(
    seen,
    `Other refunds of the payment are under way (${otherPending}), and it cannot be told which are in it. Wait for their end.`,
  );
};

const paidBackDetail = (observation: string) => `${observation}. Resolve it as completed.`;
