import type { ReviewEvidenceBody } from '../../../functions/get-review/operation.ts';
import { gatewayRemainderOf } from '../../../shared/domain/payments/tenders.ts';
import type { Decision } from '../../../shared/domain/reviews/review.ts';
import type { GatewayTruth } from '../gateways/gateway.ts';

/** The parts of a review that an operator decides by. */
export type ReviewCase = Pick<
  ReviewEvidenceBody,
  'kind' | 'code' | 'decisions' | 'difference' | 'refundId'
> & {
  readonly payment: Pick<
    ReviewEvidenceBody['payment'],
    'status' | 'gatewayAmount' | 'gatewayRefunded' | 'refundPending' | 'gatewayRefundPending'
  >;
  readonly refunds: readonly Pick<
    ReviewEvidenceBody['refunds'][number],
    'refundId' | 'gatewayAmount' | 'status'
  >[];
};

/** Where the runbook leaves a choice. It stays the same for one review. */
export interface Preferences {
  /** Keeps a charge if it can: refunds only what is too much. */
  readonly keepsCharge: boolean;
  /** Makes a missing refund by hand, instead of declaring it failed. */
  readonly refundsByHand: boolean;
  /** False after the gateway has refused a refund by hand. */
  readonly canRefund: boolean;
}

/** What an operator does about a review now. */
export type ReviewStep =
  | { readonly step: 'wait' }
  /** `refund`: refunded by hand at the gateway before that, in minor units. */
  | { readonly step: 'inquire'; readonly refund?: number }
  | { readonly step: 'decide'; readonly decision: Decision; readonly refund?: number };

const wait: ReviewStep = { step: 'wait' };

/** The next step by docs/runbook.md ("Review opened", "Gateway difference") and by the gateway's data. */
export const nextReviewStep = (
  review: ReviewCase,
  truth: GatewayTruth,
  preferences: Preferences,
): ReviewStep => {
  if (review.decisions.length === 0 || truth.isPending) return wait;
  const step = stepsByKind[review.kind](review, truth, preferences);
  if (step.refund !== undefined && !preferences.canRefund) return wait;

  return step.step === 'decide' && !review.decisions.includes(step.decision) ? wait : step;
};

type KindStep = (
  review: ReviewCase,
  truth: GatewayTruth,
  preferences: Preferences,
) => ReviewStep & { readonly refund?: number };

const decide = (decision: Decision, refund = 0): ReviewStep => ({
  step: 'decide',
  decision,
  ...(refund > 0 && { refund }),
});

const ofPayment: KindStep = (review, truth, { keepsCharge, canRefund }) => {
  const { decisions, payment, code } = review;
  const [only] = decisions;
  if (payment.gatewayAmount === 0) return only ? decide(only) : wait;
  // The compensation continues; a capture that is found later is refunded by the service.
  if (code === 'compensation-incomplete') return decide('failed');
  const held = truth.captured - truth.refunded;
  const excess = held - gatewayRemainderOf(payment);
  const keeps = code === 'ledger-mismatch' || excess > 0 ? keepsCharge : true;
  if (decisions.includes('completed')) {
    if (excess === 0 && (keeps || !canRefund)) return decide('completed');
    if (excess > 0 && keeps) return decide('completed', excess);
  }

  return decide(decisions.includes('reversed') ? 'reversed' : 'failed', held);
};

const ofRefund: KindStep = (review, truth, { refundsByHand, canRefund }) => {
  const refund = review.refunds.find(({ refundId }) => refundId === review.refundId);
  if (refund === undefined) return wait;
  const { gatewayAmount: amount, refundId } = refund;
  const isPaid = truth.refundKeys.some((key) => key.endsWith(refundId));
  if (amount === 0 || isPaid) return decide('completed');
  const unrecorded = truth.refunded - review.payment.gatewayRefunded;
  const otherPending = review.payment.gatewayRefundPending - amount;
  if (unrecorded >= amount + otherPending) return decide('completed');
  if (unrecorded >= amount) return wait;
  // By hand only if no other refund can be mistaken for it.
  const isByHand = refundsByHand && canRefund && otherPending === 0;

  return isByHand ? decide('completed', amount - unrecorded) : decide('failed');
};

const ofDifference: KindStep = ({ decisions, difference, payment }, truth, { canRefund }) => {
  if (payment.refundPending > 0) return wait;
  const expected = payment.status === 'REVERSED' ? 0 : gatewayRemainderOf(payment);
  const amount = truth.captured - truth.refunded - expected;
  if (amount === 0 || amount !== difference?.amount) return { step: 'inquire' };
  if (amount > 0) return canRefund ? { step: 'inquire', refund: amount } : decide('completed');

  return decide(decisions.includes('reversed') ? 'reversed' : 'completed');
};

/** Only the service writes its own items: an event that cannot be built is a defect, which no decision may hide. */
const ofEvent: KindStep = () => wait;

const stepsByKind: Readonly<Record<ReviewCase['kind'], KindStep>> = {
  payment: ofPayment,
  refund: ofRefund,
  'gateway-difference': ofDifference,
  dispute: () => decide('completed'),
  event: ofEvent,
};
