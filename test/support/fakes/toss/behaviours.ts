import type { Delays } from '../../../../shared/simulators/gateway/behaviours.ts';

/** What the confirmation of a payment leads to, and the response to it. */
export interface TossBehaviour {
  readonly effect: 'captured' | 'declined' | 'none';
  readonly declineCode: string;
  /** Added to the requested amount when it is captured. */
  readonly amountOff: number;
  /** Until then the payment is IN_PROGRESS. */
  readonly settlesAfterMs: number;
  /** How long Toss does not find the payment after its confirmation. */
  readonly hiddenMs: number;
  /** With `rate-limit`, only the first confirmation of a key is rejected. */
  readonly response:
    | 'outcome'
    | 'slow'
    | 'key-in-use'
    | 'hang'
    | 'error'
    | 'garbage'
    | 'unlisted-code'
    | 'rate-limit';
  readonly refund: TossRefundBehaviour;
}

/** What a refund of such a payment leads to, and the response to the request. */
export interface TossRefundBehaviour {
  /** Rejects every refund; its status is 403, or 400 for an undocumented code. */
  readonly rejectionCode?: string;
  /** The first request of a key has no effect. */
  readonly isFirstLost: boolean;
  /** Until then the refund is IN_PROGRESS. */
  readonly settlesAfterMs: number;
  /** Toss does not show a refund that is IN_PROGRESS. */
  readonly isHidden: boolean;
  /** The first refund ends as ABORTED and not as DONE. */
  readonly isAborted: boolean;
  readonly response: 'outcome' | 'key-in-use' | 'hang' | 'error' | 'garbage';
}

const immediateRefund: TossRefundBehaviour = {
  isFirstLost: false,
  settlesAfterMs: 0,
  isHidden: false,
  isAborted: false,
  response: 'outcome',
};

const approve: TossBehaviour = {
  effect: 'captured',
  declineCode: '',
  amountOff: 0,
  settlesAfterMs: 0,
  hiddenMs: 0,
  response: 'outcome',
  refund: immediateRefund,
};

const decline = (declineCode: string): TossBehaviour => ({
  ...approve,
  effect: 'declined',
  declineCode,
});

/** Captures immediately; only the refund misbehaves. */
const withRefund = (refund: Partial<TossRefundBehaviour>): TossBehaviour => ({
  ...approve,
  refund: { ...immediateRefund, ...refund },
});

export const undocumentedCode = 'MOON_IN_THE_WRONG_PHASE';

/** The behaviours by payment method: the checkout window binds one to each paymentKey. */
export const tossBehaviours = ({
  slowMs,
  inProgressMs,
  lateMs,
}: Delays): ReadonlyMap<string, TossBehaviour> =>
  new Map<string, TossBehaviour>([
    ['toss_approve', approve],
    ['toss_approve_slow', { ...approve, settlesAfterMs: slowMs, response: 'slow' }],
    ['toss_decline', decline('REJECT_ACCOUNT_PAYMENT')],
    ['toss_decline_stopped_card', decline('INVALID_STOPPED_CARD')],
    ['toss_decline_daily_amount', decline('EXCEED_MAX_ONE_DAY_AMOUNT')],
    ['toss_unlisted_code', { ...approve, effect: 'none', response: 'unlisted-code' }],
    ['toss_wrong_amount', { ...approve, amountOff: 1 }],
    ['toss_timeout_before_effect', { ...approve, effect: 'none', response: 'hang' }],
    ['toss_timeout_after_effect', { ...approve, response: 'hang' }],
    ['toss_error_after_effect', { ...approve, response: 'error' }],
    ['toss_garbage_after_effect', { ...approve, response: 'garbage' }],
    ['toss_rate_limited', { ...approve, response: 'rate-limit' }],
    ['toss_in_progress', { ...approve, settlesAfterMs: inProgressMs, response: 'key-in-use' }],
    [
      'toss_in_progress_fails',
      { ...decline('REJECT_CARD_COMPANY'), settlesAfterMs: inProgressMs, response: 'key-in-use' },
    ],
    ['toss_late_approve', { ...approve, hiddenMs: lateMs, response: 'error' }],
    ['toss_refund_decline', withRefund({ rejectionCode: 'REFUND_REJECTED' })],
    ['toss_refund_unlisted_code', withRefund({ rejectionCode: undocumentedCode })],
    ['toss_refund_timeout_before_effect', withRefund({ isFirstLost: true })],
    ['toss_refund_timeout_after_effect', withRefund({ response: 'hang' })],
    ['toss_refund_error_after_effect', withRefund({ response: 'error' })],
    ['toss_refund_garbage_after_effect', withRefund({ response: 'garbage' })],
    [
      'toss_refund_in_progress',
      withRefund({ settlesAfterMs: inProgressMs, response: 'key-in-use' }),
    ],
    ['toss_refund_late', withRefund({ settlesAfterMs: lateMs, isHidden: true, response: 'error' })],
    ['toss_refund_aborts', withRefund({ settlesAfterMs: inProgressMs, isAborted: true })],
  ]);
