import { compactHistory, truncateFailure } from '../bounds.ts';
import { dueShardOf } from '../due-index.ts';
import type { EventName } from '../events/domain-event.ts';
import type { OrderLine } from '../orders/order.ts';
import type { Failure, Payment } from '../payments/payment.ts';
import type { SkippedBooking } from '../skipped-booking.ts';
import {
  createStateMachine,
  type HistoryEntry,
  type Transition,
  type TransitionContext,
} from '../state-machine.ts';

export type RefundStatus = 'REQUESTED' | 'SUCCEEDED' | 'FAILED' | 'UNDER_REVIEW';

/** Whether the buyer's result is final. */
export const isRefundFinal = ({ status }: { readonly status: RefundStatus }): boolean =>
  status === 'SUCCEEDED' || status === 'FAILED';

/** The transition table of a refund. The repository, the tests and docs/states.md use it. */
export const refundTransitions = {
  requested: {
    from: [],
    to: 'REQUESTED',
    description: 'asked for, within what is left of the payment',
    event: 'RefundRequested',
  },
  recorded: {
    from: [],
    to: 'SUCCEEDED',
    description: 'somebody refunded it at the gateway, and an operator decided to book it',
    event: 'RefundCompleted',
  },
  attemptInconclusive: {
    from: ['REQUESTED'],
    to: 'REQUESTED',
    description: 'the PG was asked, and it is not known yet',
  },
  succeeded: {
    from: ['REQUESTED', 'UNDER_REVIEW'],
    to: 'SUCCEEDED',
    description: 'the PG has paid it back, and the books with it',
    event: 'RefundCompleted',
  },
  failed: {
    from: ['REQUESTED', 'UNDER_REVIEW'],
    to: 'FAILED',
    description: 'conclusive refusal; what it took of the payment is free again',
    event: 'RefundFailed',
  },
  reviewOpened: {
    from: ['REQUESTED'],
    to: 'UNDER_REVIEW',
    description: 'horizon reached, or the PG refuses the refund of a cancel',
    event: 'RefundReviewOpened',
  },
} as const satisfies Record<string, Transition<RefundStatus, EventName>>;

export type RefundTransitionName = keyof typeof refundTransitions;

const refundStateMachine = createStateMachine<RefundStatus, EventName, RefundTransitionName>(
  refundTransitions,
);

/** Units whose sale is undone. */
export interface RefundLine extends OrderLine {
  /** Whether they go back into the stock. */
  readonly restock: boolean;
  /** Their share of what was paid, in minor units. */
  readonly amount: number;
}

export type RefundHistoryEntry = HistoryEntry<RefundStatus>;

/** A refund of a payment: like the payment its own outbox and its own journal. */
export interface Refund {
  readonly refundId: string;
  readonly paymentId: string;
  readonly orderId: string;
  readonly userId: string;
  readonly status: RefundStatus;
  readonly version: number;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  /** At most two lines a sku, one of them restocked. None where an amount alone was asked for. */
  readonly lines: readonly RefundLine[];
  /** Why, in the words of whoever asked for it. */
  readonly reason: string;
  /** SHA-256 of the canonical request: the same key with another one is refused. */
  readonly requestHash: string;
  /** It gives back what its buyer had cancelled: if the PG refuses it, a person decides. Absent of any other. */
  readonly isForCancellation?: true;
  /** W3C trace context of the request for it, which every event of it carries on. */
  readonly traceparent?: string;
  /** How often the PG was asked without a final answer. */
  readonly attempts: number;
  /** Since when the PG may have it: the first request whose answer is not known. */
  readonly firstSentAt?: string;
  readonly pg?: { readonly refundId: string; readonly refundedAt: string };
  readonly failure?: Failure;
  /** What was left of the payment with this refund, and the payment's version that says so. Written with the success. */
  readonly remainingAmount?: number;
  readonly paymentVersion?: number;
  /** When the payment completed: the day of the sale. Written with the success. */
  readonly soldAt?: string;
  /** What of it could not be booked: units that no product took back, money that no balance shows. Absent where everything was. */
  readonly skipped?: readonly SkippedBooking[];
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Sparse index of what must not be forgotten: present while it is to move by itself. */
  readonly dueShard?: string;
  readonly dueAt?: string;
  readonly history: readonly RefundHistoryEntry[];
}

export type RefundChange = Partial<
  Pick<
    Refund,
    | 'attempts'
    | 'firstSentAt'
    | 'pg'
    | 'failure'
    | 'remainingAmount'
    | 'paymentVersion'
    | 'soldAt'
    | 'dueAt'
  >
>;

export interface RefundTransitionInput extends TransitionContext {
  readonly change?: RefundChange;
}

/** A payment and one of its refunds, as one transaction writes them. */
export interface PaymentWithRefund {
  readonly payment: Payment;
  readonly refund: Refund;
}

export type NewRefund = Pick<
  Refund,
  | 'refundId'
  | 'paymentId'
  | 'orderId'
  | 'userId'
  | 'amount'
  | 'currency'
  | 'lines'
  | 'reason'
  | 'requestHash'
  | 'traceparent'
  | 'isForCancellation'
>;

/** A refund at its first version, due at once. */
export const createRefund = (fields: NewRefund, { at, by }: RefundTransitionInput): Refund => {
  const { to } = refundTransitions.requested;
  const now = at.toISOString();

  return {
    ...fields,
    status: to,
    version: 1,
    attempts: 0,
    createdAt: now,
    updatedAt: now,
    ...dueIndexOf(fields.refundId, to, now),
    history: [{ version: 1, at: now, to, by }],
  };
};

/** Whether the transition table allows a transition from the refund's status. */
export const canRefundTransition = refundStateMachine.can;

/** Returns the refund after one transition; throws IllegalTransitionError if the table does not allow it. */
export const transitionRefund = (
  refund: Refund,
  name: RefundTransitionName,
  { change, ...context }: RefundTransitionInput,
): Refund => {
  const entry = refundStateMachine.next(refund.refundId, refund, name, context);
  const { to, version, at } = entry;
  const { dueAt, dueShard, ...kept } = refund;

  return {
    ...kept,
    status: to,
    version,
    updatedAt: at,
    ...(change && truncateFailure(change)),
    ...dueIndexOf(refund.refundId, to, change?.dueAt ?? at),
    history: compactHistory([...refund.history, entry]),
  };
};

/** A REQUESTED refund is due. One under review is due until its review is stored, like a payment. */
const dueIndexOf = (refundId: string, to: RefundStatus, dueAt: string) =>
  to === 'REQUESTED' || to === 'UNDER_REVIEW' ? { dueShard: dueShardOf(refundId), dueAt } : {};

/** A transition of the table between two statuses, if there is one. Without `from` the refund is created. */
export const refundTransitionOf = refundStateMachine.between;
