import { fundsStateOf } from '../payments/funds-state.ts';
import type { Payment } from '../payments/payment.ts';
import type { Refund } from '../refunds/refund.ts';
import type { Decision } from './review.ts';

/** A payment's charge as the gateway shows it now. Amounts in minor units. */
export type ObservedCharge =
  | {
      readonly known: 'captured';
      readonly captured: number;
      /** All its refunds at the gateway. */
      readonly refunded: number;
      /** The ways in which reference or currency differ from the payment. */
      readonly differences: readonly string[];
    }
  /** Declined, or never received. Conclusive. */
  | { readonly known: 'nothing' }
  /** Not conclusive while the charge may be in flight. */
  | { readonly known: 'not-found' }
  | { readonly known: 'unclear' };

/** A refund as the gateway shows it now. */
export type ObservedRefund =
  | { readonly known: 'paid' }
  | { readonly known: 'in-progress' }
  /**
   * The gateway has declined our key or does not know it. A refund may have been made there under another
   * key: `unbooked` is the refunded amount that is not recorded.
   */
  | { readonly known: 'refused' | 'not-found'; readonly unbooked: number }
  | { readonly known: 'unclear' };

/** Whether a decision agrees with the gateway and with the stored state. */
export type DecisionCheck =
  | { readonly result: 'agrees' }
  | { readonly result: 'contradicts'; readonly detail: string }
  /** Not known now. */
  | { readonly result: 'unclear' };

const agrees: DecisionCheck = { result: 'agrees' };
const unclear: DecisionCheck = { result: 'unclear' };
const contradicts = (...detail: readonly string[]): DecisionCheck => ({
  result: 'contradicts',
  detail: detail.join(' '),
});

/**
 * Checks a decision on a payment. `completed` requires that the gateway holds exactly its amount; `failed`
 * and `reversed` require that it holds nothing. A payment that was FAILED before its review may always be
 * failed: late-capture checks refund what is found later. An amount of 0 needs no check.
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
      : contradicts('The gateway has no charge of this payment, so it cannot be completed.');
  }
  if (isCompensationOnly(decision, payment)) return observed.known === 'unclear' ? unclear : agrees;
  if (pg !== undefined && (decision === 'failed' || observed.known === 'nothing')) {
    return contradicts(
      `The payment is recorded as captured (${pg.transactionId}), and the gateway shows no refund of it.`,
      `Refund it at the gateway, then resolve as ${decision}.`,
    );
  }

  return observed.known === 'nothing' ? agrees : unclear;
};

/**
 * Whether a decision only continues the compensation of a failed payment. It says nothing about the charge.
 */
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
  const seen = `The gateway has captured ${captured} ${payment.currency} and refunded ${refunded}: ${left} remains`;
  if (decision !== 'completed') {
    return left === 0
      ? agrees
      : contradicts(`${seen}.`, `Refund ${left} at the gateway, then resolve as ${decision}.`);
  }
  if (differences.length > 0) {
    return contradicts(
      `The gateway's charge differs: ${differences.join(', ')}.`,
      `Refund what remains of it at the gateway (${left}), then resolve as failed.`,
    );
  }
  if (left === expected) return agrees;
  const all =
    left > 0 ? `refund ${left} at the gateway and resolve as failed` : 'resolve as failed';
  const options =
    left > expected
      ? `refund ${left - expected} at the gateway and resolve as completed, or ${all}`
      : all;

  return contradicts(`${seen}, but ${expected} is expected.`, `To continue, ${options}.`);
};

/**
 * Checks a decision on a refund. `completed` requires that the gateway has refunded it: under our key, or by
 * another refund, which shows as a refunded amount that is not recorded. `failed` requires neither. A stored
 * confirmation counts if the gateway no longer shows the refund.
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
    return isPaid ? agrees : contradicts(refundedDetail('The gateway has refunded it'));
  }
  if (observed.known === 'refused') {
    const seen = 'The gateway has declined this refund';

    return checkTotals(isPaid, refund, { seen, otherPending, unbooked: observed.unbooked });
  }
  if (pg !== undefined) {
    return isPaid
      ? agrees
      : contradicts(refundedDetail(`It is recorded as refunded by the gateway (${pg.refundId})`));
  }
  if (observed.known === 'in-progress') {
    return isPaid
      ? unclear
      : contradicts('The gateway is still processing this refund. Wait for its result.');
  }
  if (observed.known === 'unclear') return unclear;
  const seen = 'The gateway has no refund with this key';

  return checkTotals(isPaid, refund, { seen, otherPending, unbooked: observed.unbooked });
};

interface Totals {
  readonly seen: string;
  readonly otherPending: number;
  readonly unbooked: number;
}

/** Whether the gateway's refunds of the charge include a refund that was not made under its key. */
const checkTotals = (
  isPaid: boolean,
  { amount, currency }: Refund,
  { seen: ofKey, otherPending, unbooked }: Totals,
): DecisionCheck => {
  const isCovered = unbooked >= amount + otherPending;
  const isMissing = unbooked < amount;
  if (isPaid ? isCovered : isMissing) return agrees;
  const seen = `${ofKey}, and has refunded ${unbooked} ${currency} of the charge that is not recorded.`;
  if (isCovered) return contradicts(seen, 'This refund is included. Resolve it as completed.');
  if (isMissing) {
    return contradicts(
      seen,
      `Refund ${amount - unbooked} at the gateway, then resolve it as completed; or resolve it as failed.`,
    );
  }

  return contradicts(
    seen,
    `Other refunds of the payment are in progress (${otherPending}) and may be included. Wait for their results.`,
  );
};

const refundedDetail = (observation: string) => `${observation}. Resolve it as completed.`;
