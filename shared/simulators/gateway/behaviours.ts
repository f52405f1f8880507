import type { WebhookBody } from '../../gateway/simulator/protocol.ts';

/** How long the slow ones take. Parameters, so that a test need not wait for them. */
export interface Delays {
  readonly slowMs: number;
  readonly inProgressMs: number;
  readonly lateMs: number;
}

export const defaultDelays: Delays = { slowMs: 5_000, inProgressMs: 10_000, lateMs: 20_000 };

/** What becomes of a charge, and what becomes of the answer to it. */
export interface Behaviour {
  readonly effect: 'captured' | 'declined' | 'none';
  /** Captured so much more than was asked for. */
  readonly amountOff: number;
  readonly settlesAfterMs: number;
  /** Until it settles, who asks is kept waiting, told that it is in progress, told that there is no such charge, or refused. */
  readonly pendingResult: 'wait' | 'in-progress' | 'hidden' | 'declined';
  /** What happens to the answer of the request that had the effect; one with the same key later gets the outcome. */
  readonly answer: 'outcome' | 'hang' | 'error' | 'garbage' | 'unlisted-code';
  readonly refund: RefundBehaviour;
  /** The webhooks about it, in the order in which they are sent. Two of one type are one that is sent twice. */
  readonly webhooks: readonly {
    readonly type: WebhookBody['type'];
    /** After it settled. */
    readonly afterMs: number;
  }[];
}

/** What becomes of a refund of such a charge, and what becomes of the answer to it. */
export interface RefundBehaviour {
  /** The first request of a key may be lost where the second is not. */
  readonly effect: 'paid' | 'paid-when-repeated' | 'declined' | 'none';
  readonly settlesAfterMs: number;
  readonly pendingResult: 'in-progress' | 'hidden';
  readonly answer: Behaviour['answer'];
  /** So long after it was paid back, the money returns to the PG: the buyer's bank has not taken it. */
  readonly failsAfterMs?: number;
}

export const immediateRefund: RefundBehaviour = {
  effect: 'paid',
  settlesAfterMs: 0,
  pendingResult: 'in-progress',
  answer: 'outcome',
};

const chargeDone = { type: 'charge.done', afterMs: 0 } as const;
const chargeAborted = { type: 'charge.aborted', afterMs: 0 } as const;

const approve: Behaviour = {
  effect: 'captured',
  amountOff: 0,
  settlesAfterMs: 0,
  pendingResult: 'wait',
  answer: 'outcome',
  refund: immediateRefund,
  webhooks: [chargeDone],
};

/** Charges, answers 500, and tells the truth by webhook, one way or another. */
const withWebhooks = (...webhooks: Behaviour['webhooks']): Behaviour => ({
  ...approve,
  answer: 'error',
  webhooks,
});

/** Charges at once; it is the refund that misbehaves. */
const withRefund = (refund: Partial<RefundBehaviour>): Behaviour => ({
  ...approve,
  refund: { ...immediateRefund, ...refund },
});

/** By `paymentMethod`, so that any client can drive the simulator, as card numbers do at real PGs. */
export const behaviours = ({ slowMs, inProgressMs, lateMs }: Delays): Map<string, Behaviour> =>
  new Map<string, Behaviour>([
    ['sim_approve', approve],
    ['sim_approve_slow', { ...approve, settlesAfterMs: slowMs }],
    ['sim_decline', { ...approve, effect: 'declined', webhooks: [chargeAborted] }],
    ['sim_timeout_before_effect', { ...approve, effect: 'none', answer: 'hang' }],
    ['sim_timeout_after_effect', { ...approve, answer: 'hang' }],
    ['sim_error_after_effect', { ...approve, answer: 'error' }],
    ['sim_garbage_after_effect', { ...approve, answer: 'garbage' }],
    ['sim_unlisted_code', { ...approve, effect: 'none', answer: 'unlisted-code' }],
    ['sim_wrong_amount', { ...approve, amountOff: 1 }],
    ['sim_in_progress', { ...approve, settlesAfterMs: inProgressMs, pendingResult: 'in-progress' }],
    [
      'sim_late_approve',
      { ...approve, settlesAfterMs: lateMs, pendingResult: 'hidden', answer: 'error' },
    ],
    ['sim_decline_late_approve', { ...approve, settlesAfterMs: lateMs, pendingResult: 'declined' }],
    ['sim_webhook_twice', withWebhooks(chargeDone, chargeDone)],
    ['sim_webhook_late', withWebhooks({ ...chargeDone, afterMs: slowMs })],
    ['sim_webhook_out_of_order', withWebhooks(chargeDone, { ...chargeAborted, afterMs: 50 })],
    ['sim_refund_decline', withRefund({ effect: 'declined' })],
    [
      'sim_refund_timeout_before_effect',
      withRefund({ effect: 'paid-when-repeated', answer: 'hang' }),
    ],
    ['sim_refund_timeout_after_effect', withRefund({ answer: 'hang' })],
    ['sim_refund_error_after_effect', withRefund({ answer: 'error' })],
    ['sim_refund_garbage_after_effect', withRefund({ answer: 'garbage' })],
    ['sim_refund_unlisted_code', withRefund({ effect: 'none', answer: 'unlisted-code' })],
    ['sim_refund_in_progress', withRefund({ settlesAfterMs: inProgressMs })],
    [
      'sim_refund_late',
      withRefund({ settlesAfterMs: lateMs, pendingResult: 'hidden', answer: 'error' }),
    ],
    ['sim_refund_fails_later', withRefund({ failsAfterMs: slowMs })],
  ]);
