import { fundsStateOf } from '../payments/funds-state.ts';
import type { Payment } from '../payments/payment.ts';
import { gatewayRemainderOf } from '../payments/tenders.ts';
import type { Refund } from '../refunds/refund.ts';
import type { Decision } from './review.ts';

/** A payment's charge as the gateway shows it now. Amounts in minor units. */
export type ObservedCharge =
  | {
      readonly status: 'captured';
      readonly captured: number;
      /** All its refunds at the gateway. */
      readonly refunded: number;
      /** The ways in which reference or currency differ from the payment. */
      readonly differences: readonly string[];
    }
  /** Declined, or never received. Conclusive. */
  | { readonly status: 'absent' }
  /** Not conclusive while the charge may be in flight. */
  | { readonly status: 'not-found' }
  | { readonly status: 'unclear' };

/** A refund as the gateway shows it now. */
export type ObservedRefund =
  | { readonly status: 'refunded' }
  | { readonly status: 'in-progress' }
  /**
   * The gateway has declined our key or does not know it. A refund may have been made there under another
   * key: `unrecorded` is the refunded amount that is not recorded.
   */
  | { readonly status: 'declined' | 'not-found'; readonly unrecorded: number }
  | { readonly status: 'unclear' };

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
 * failed: late-capture checks refund what is found later. A payment without a part for the gateway
 * needs no check.
 */
export const checkDecision = (
  decision: Decision,
  payment: Payment,
  observed: ObservedCharge,
): DecisionCheck => {
  if (payment.gatewayAmount === 0) return agrees;
  if (observed.status === 'captured') return checkCaptured(decision, payment, observed);
  const { pg } = payment;
  if (decision === 'completed') {
    return observed.status === 'unclear'
      ? unclear
      : contradicts('The gateway has no charge of this payment, so it cannot be completed.');
  }
  if (isCompensationOnly(decision, payment))
    return observed.status === 'unclear' ? unclear : agrees;
  if (pg !== undefined && (decision === 'failed' || observed.status === 'absent')) {
    return contradicts(
      `The payment is recorded as captured (${pg.transactionId}), and the gateway shows no refund of it.`,
      `Refund it at the gateway, then resolve as ${decision}.`,
    );
  }

  return observed.status === 'absent' ? agrees : unclear;
};

/**
 * Whether a decision only continues the compensation of a failed payment. It says nothing about the charge.
 */
export const isCompensationOnly = (decision: Decision, payment: Payment): boolean =>
  decision === 'failed' && fundsStateOf(payment) === 'releasable';

const checkCaptured = (
  decision: Decision,
  payment: Payment,
  observed: Extract<ObservedCharge, { status: 'captured' }>,
): DecisionCheck => {
  if (isCompensationOnly(decision, payment)) return agrees;
  const { captured, refunded, differences } = observed;
  const remaining = captured - refunded;
  const expected = gatewayRemainderOf(payment);
  const observation = `The gateway has captured ${captured} ${payment.currency} and refunded ${refunded}: ${remaining} remains`;
  if (decision !== 'completed') {
    return remaining === 0
      ? agrees
      : contradicts(
          `${observation}.`,
          `Refund ${remaining} at the gateway, then resolve as ${decision}.`,
        );
  }
  if (differences.length > 0) {
    return contradicts(
      `The gateway's charge differs: ${differences.join(', ')}.`,
      `Refund what remains of it at the gateway (${remaining}), then resolve as failed.`,
    );
  }
  if (remaining === expected) return agrees;
  const all =
    remaining > 0
      ? `refund ${remaining} at the gateway and resolve as failed`
      : 'resolve as failed';
  const options =
    remaining > expected
      ? `refund ${remaining - expected} at the gateway and resolve as completed, or ${all}`
      : all;

  return contradicts(`${observation}, but ${expected} is expected.`, `To continue, ${options}.`);
};

/**
 * Checks a decision on a refund. `completed` requires that the gateway has refunded its part: under our key, or by
 * another refund, which shows as a refunded amount that is not recorded. `failed` requires neither. A stored
 * confirmation counts if the gateway no longer shows the refund.
 */
export const checkRefundDecision = (
  decision: Decision,
  { refund, payment }: { readonly refund: Refund; readonly payment: Payment },
  observed: ObservedRefund,
): DecisionCheck => {
  const { gatewayAmount, pg } = refund;
  if (gatewayAmount === 0) return agrees;
  const isPaid = decision === 'completed';
  const otherPending = (payment.gatewayRefundPending ?? 0) - gatewayAmount;
  if (observed.status === 'refunded') {
    return isPaid ? agrees : contradicts(refundedDetail('The gateway has refunded it'));
  }
  if (observed.status === 'declined') {
    const observation = 'The gateway has declined this refund';

    return checkTotals(isPaid, refund, {
      observation,
      otherPending,
      unrecorded: observed.unrecorded,
    });
  }
  if (pg !== undefined) {
    return isPaid
      ? agrees
      : contradicts(refundedDetail(`It is recorded as refunded by the gateway (${pg.refundId})`));
  }
  if (observed.status === 'in-progress') {
    return isPaid
      ? unclear
      : contradicts('The gateway is still processing this refund. Wait for its result.');
  }
  if (observed.status === 'unclear') return unclear;
  const observation = 'The gateway has no refund with this key';

  return checkTotals(isPaid, refund, {
    observation,
    otherPending,
    unrecorded: observed.unrecorded,
  });
};

interface Totals {
  readonly observation: string;
  readonly otherPending: number;
  readonly unrecorded: number;
}

/** Whether the gateway's refunds of the charge include a refund that was not made under its key. */
const checkTotals = (
  isPaid: boolean,
  { gatewayAmount: amount, currency }: Refund,
  { observation: refundObservation, otherPending, unrecorded }: Totals,
): DecisionCheck => {
  const isCovered = unrecorded >= amount + otherPending;
  const isMissing = unrecorded < amount;
  if (isPaid ? isCovered : isMissing) return agrees;
  const observation = `${refundObservation}, and the charge has ${unrecorded} ${currency} of refunds that are not recorded.`;
  if (isCovered)
    return contradicts(observation, 'This refund is included. Resolve it as completed.');
  if (isMissing) {
    return contradicts(
      observation,
      `Refund ${amount - unrecorded} at the gateway, then resolve it as completed; or resolve it as failed.`,
    );
  }

  return contradicts(
    observation,
    `Other refunds of the payment are in progress (${otherPending}) and may be included. Wait for their results.`,
  );
};

const refundedDetail = (observation: string) => `${observation}. Resolve it as completed.`;
