import type { Delays } from '../../../../shared/simulators/gateway/behaviours.ts';

/** What a confirmed PaymentIntent leads to, and the response to the request. */
export interface StripeBehaviour {
  readonly effect: 'captured' | 'declined' | 'none';
  /** `code` of the error of a decline. */
  readonly errorCode: string;
  /** `decline_code` of that error; absent if Stripe gives none with this code. */
  readonly declineCode?: string;
  /** The buyer must authenticate on a page first; the rest applies after the buyer has done so. */
  readonly isChallenged: boolean;
  /** The buyer disputes the captured charge immediately. */
  readonly disputeStatus?: 'needs_response' | 'warning_needs_response';
  /** Added to the requested amount when it is captured. */
  readonly amountOff: number;
  /** Until then the PaymentIntent is processing. */
  readonly settlesAfterMs: number;
  /** How much longer than others the search does not show it. */
  readonly hiddenMs: number;
  /** With `rate-limit`, only the first request of a key is rejected. */
  readonly response:
    | 'outcome'
    | 'slow'
    | 'key-in-use'
    | 'hang'
    | 'error'
    | 'garbage'
    | 'rate-limit';
  readonly refund: StripeRefundBehaviour;
}

/** What a refund of such a charge leads to, and the response to the request. */
export interface StripeRefundBehaviour {
  /** Rejects every refund. */
  readonly rejectionCode?: string;
  /** The first request of a key has no effect. */
  readonly isFirstLost: boolean;
  /** Until then the refund is pending. */
  readonly settlesAfterMs: number;
  /** The list does not show a pending refund. */
  readonly isHidden: boolean;
  /** From settling until the first refund of the charge fails. */
  readonly failsAfterMs?: number;
  readonly response: 'outcome' | 'hang' | 'error' | 'garbage';
}

const immediateRefund: StripeRefundBehaviour = {
  isFirstLost: false,
  settlesAfterMs: 0,
  isHidden: false,
  response: 'outcome',
};

export const approve: StripeBehaviour = {
  effect: 'captured',
  errorCode: 'card_declined',
  isChallenged: false,
  amountOff: 0,
  settlesAfterMs: 0,
  hiddenMs: 0,
  response: 'outcome',
  refund: immediateRefund,
};

export const decline = (
  declineCode: string,
  rest: Partial<StripeBehaviour> = {},
): StripeBehaviour => ({
  ...approve,
  effect: 'declined',
  declineCode,
  ...rest,
});

/** Captures immediately; only the refund misbehaves. */
export const withRefund = (refund: Partial<StripeRefundBehaviour>): StripeBehaviour => ({
  ...approve,
  refund: { ...immediateRefund, ...refund },
});

/** Behaviours by PaymentMethod: one for each fault, beside those of Stripe's own test cards. */
export const stripeBehaviours = ({
  slowMs,
  inProgressMs,
  lateMs,
}: Delays): ReadonlyMap<string, StripeBehaviour> =>
  new Map<string, StripeBehaviour>([
    ['pm_approve', approve],
    ['pm_approve_slow', { ...approve, settlesAfterMs: slowMs, response: 'slow' }],
    ['pm_decline', decline('insufficient_funds')],
    ['pm_decline_do_not_honor', decline('do_not_honor')],
    ['pm_decline_expired_card', decline('expired_card')],
    ['pm_unlisted_code', decline('moon_phase')],
    ['pm_wrong_amount', { ...approve, amountOff: 1 }],
    ['pm_timeout_before_effect', { ...approve, effect: 'none', response: 'hang' }],
    ['pm_timeout_after_effect', { ...approve, response: 'hang' }],
    ['pm_error_after_effect', { ...approve, response: 'error' }],
    ['pm_garbage_after_effect', { ...approve, response: 'garbage' }],
    ['pm_rate_limited', { ...approve, response: 'rate-limit' }],
    ['pm_in_progress', { ...approve, settlesAfterMs: inProgressMs, response: 'key-in-use' }],
    ['pm_processing', { ...approve, settlesAfterMs: inProgressMs }],
    ['pm_processing_fails', decline('generic_decline', { settlesAfterMs: inProgressMs })],
    ['pm_late_approve', { ...approve, hiddenMs: lateMs, response: 'error' }],
    ['pm_refund_decline', withRefund({ rejectionCode: 'charge_disputed' })],
    ['pm_refund_unlisted_code', withRefund({ rejectionCode: 'moon_phase' })],
    ['pm_refund_timeout_before_effect', withRefund({ isFirstLost: true })],
    ['pm_refund_timeout_after_effect', withRefund({ response: 'hang' })],
    ['pm_refund_error_after_effect', withRefund({ response: 'error' })],
    ['pm_refund_garbage_after_effect', withRefund({ response: 'garbage' })],
    ['pm_refund_in_progress', withRefund({ settlesAfterMs: inProgressMs })],
    ['pm_refund_late', withRefund({ settlesAfterMs: lateMs, isHidden: true, response: 'error' })],
    ['pm_refund_fails_later', withRefund({ failsAfterMs: slowMs })],
    ['pm_refund_pending_fails', withRefund({ settlesAfterMs: inProgressMs, failsAfterMs: 0 })],
  ]);
