import type { WebhookBody } from '../../gateway/simulator/protocol.ts';

/** The delays of slow behaviours; parameters, so that tests need not wait. */
export interface Delays {
  readonly slowMs: number;
  readonly inProgressMs: number;
  readonly lateMs: number;
}

export const defaultDelays: Delays = { slowMs: 5_000, inProgressMs: 10_000, lateMs: 20_000 };

/** The effect of a charge request, and the response to it. */
export interface Behaviour {
  readonly effect: 'captured' | 'declined' | 'none';
  /** The gateway's own code of a decline. */
  readonly declineCode: string;
  /** Added to the requested amount when it is captured. */
  readonly amountOff: number;
  readonly settlesAfterMs: number;
  /** The response until the charge settles: it waits, reports in progress, hides the charge, or declines. */
  readonly pendingResult: 'wait' | 'in-progress' | 'hidden' | 'declined';
  /** The response to the request that has the effect. A later request with the same key gets the outcome. */
  readonly response: 'outcome' | 'hang' | 'error' | 'garbage' | 'unlisted-code';
  readonly refund: RefundBehaviour;
  /** Present if the buyer must approve the charge on a page before it has its effect. */
  readonly challenge?: ChallengeBehaviour;
  /**
   * The webhooks about the charge, in sending order. Two of one type are one webhook sent twice. A declined charge sends
   * as many, of the type `charge.aborted`.
   */
  readonly webhooks: readonly {
    readonly type: WebhookBody['type'];
    /** After the charge settled. */
    readonly afterMs: number;
  }[];
}

export interface ChallengeBehaviour {
  readonly expiresAfterMs: number;
  /** When the page takes a decision: also after the charge has expired or was cancelled, or never. */
  readonly decisions: 'while-waiting' | 'always' | 'never';
}

/** The effect of a request to refund such a charge, and the response to it. */
export interface RefundBehaviour {
  /** With `paid-when-repeated`, only the first request of a key is lost. */
  readonly effect: 'paid' | 'paid-when-repeated' | 'declined' | 'none';
  readonly settlesAfterMs: number;
  readonly pendingResult: 'in-progress' | 'hidden';
  readonly response: Behaviour['response'];
  /** The time from the refund until it fails: the buyer's bank returns the money to the gateway. */
  readonly failsAfterMs?: number;
}

export const immediateRefund: RefundBehaviour = {
  effect: 'paid',
  settlesAfterMs: 0,
  pendingResult: 'in-progress',
  response: 'outcome',
};

const chargeDone = { type: 'charge.done', afterMs: 0 } as const;
const chargeAborted = { type: 'charge.aborted', afterMs: 0 } as const;

const approve: Behaviour = {
  effect: 'captured',
  declineCode: 'insufficient_funds',
  amountOff: 0,
  settlesAfterMs: 0,
  pendingResult: 'wait',
  response: 'outcome',
  refund: immediateRefund,
  webhooks: [chargeDone],
};

const decline = (declineCode: string): Behaviour => ({
  ...approve,
  effect: 'declined',
  declineCode,
  webhooks: [chargeAborted],
});

/** For a payment method of the window that was given for another order. */
export const mismatchedMethod: Behaviour = decline('payment_method_mismatch');

/** Charges, answers 500, and reports the capture by webhook. */
const withWebhooks = (...webhooks: Behaviour['webhooks']): Behaviour => ({
  ...approve,
  response: 'error',
  webhooks,
});

/** Charges immediately; only the refund misbehaves. */
const withRefund = (refund: Partial<RefundBehaviour>): Behaviour => ({
  ...approve,
  refund: { ...immediateRefund, ...refund },
});

/** The buyer has ten minutes to decide. */
const withChallenge = (
  decisions: ChallengeBehaviour['decisions'],
  webhooks: Behaviour['webhooks'] = [chargeDone],
): Behaviour => ({
  ...approve,
  declineCode: 'authentication_failed',
  challenge: { expiresAfterMs: 600_000, decisions },
  webhooks,
});

/** The behaviours by `paymentMethod`, as test card numbers select them at real gateways. */
export const behaviours = ({ slowMs, inProgressMs, lateMs }: Delays): Map<string, Behaviour> =>
  new Map<string, Behaviour>([
    ['sim_approve', approve],
    ['sim_approve_slow', { ...approve, settlesAfterMs: slowMs }],
    ['sim_decline', decline('insufficient_funds')],
    ['sim_decline_stolen_card', decline('stolen_card')],
    ['sim_decline_expired_card', decline('expired_card')],
    ['sim_decline_authentication', decline('authentication_failed')],
    ['sim_decline_limit', decline('limit_exceeded')],
    ['sim_decline_not_supported', decline('card_not_supported')],
    ['sim_decline_try_later', decline('issuer_unavailable')],
    ['sim_timeout_before_effect', { ...approve, effect: 'none', response: 'hang' }],
    ['sim_timeout_after_effect', { ...approve, response: 'hang' }],
    ['sim_error_after_effect', { ...approve, response: 'error' }],
    ['sim_garbage_after_effect', { ...approve, response: 'garbage' }],
    ['sim_unlisted_code', { ...approve, effect: 'none', response: 'unlisted-code' }],
    ['sim_wrong_amount', { ...approve, amountOff: 1 }],
    ['sim_in_progress', { ...approve, settlesAfterMs: inProgressMs, pendingResult: 'in-progress' }],
    [
      'sim_late_approve',
      { ...approve, settlesAfterMs: lateMs, pendingResult: 'hidden', response: 'error' },
    ],
    ['sim_decline_late_approve', { ...approve, settlesAfterMs: lateMs, pendingResult: 'declined' }],
    ['sim_webhook_twice', withWebhooks(chargeDone, chargeDone)],
    ['sim_webhook_late', withWebhooks({ ...chargeDone, afterMs: slowMs })],
    ['sim_webhook_out_of_order', withWebhooks(chargeDone, { ...chargeAborted, afterMs: 50 })],
    ['sim_challenge', withChallenge('while-waiting')],
    ['sim_challenge_frictionless', approve],
    ['sim_challenge_abandoned', withChallenge('never')],
    ['sim_challenge_twice', withChallenge('while-waiting', [chargeDone, chargeDone])],
    ['sim_challenge_late', withChallenge('always')],
    ['sim_refund_decline', withRefund({ effect: 'declined' })],
    [
      'sim_refund_timeout_before_effect',
      withRefund({ effect: 'paid-when-repeated', response: 'hang' }),
    ],
    ['sim_refund_timeout_after_effect', withRefund({ response: 'hang' })],
    ['sim_refund_error_after_effect', withRefund({ response: 'error' })],
    ['sim_refund_garbage_after_effect', withRefund({ response: 'garbage' })],
    ['sim_refund_unlisted_code', withRefund({ effect: 'none', response: 'unlisted-code' })],
    ['sim_refund_in_progress', withRefund({ settlesAfterMs: inProgressMs })],
    [
      'sim_refund_late',
      withRefund({ settlesAfterMs: lateMs, pendingResult: 'hidden', response: 'error' }),
    ],
    ['sim_refund_fails_later', withRefund({ failsAfterMs: slowMs })],
  ]);
