import { compactHistory, truncateFailure } from '../bounds.ts';
import { dueShardOf } from '../due-index.ts';
import type { EventName } from '../events/domain-event.ts';
import type { OperatorIdentity } from '../operator.ts';
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
    description: 'requested within the refundable amount',
    event: 'RefundRequested',
  },
  recorded: {
    from: [],
    to: 'SUCCEEDED',
    description: 'refunded at the gateway; recorded by an operator',
    event: 'RefundCompleted',
  },
  attemptInconclusive: {
    from: ['REQUESTED'],
    to: 'REQUESTED',
    description: 'outcome at the gateway unknown',
  },
  succeeded: {
    from: ['REQUESTED', 'UNDER_REVIEW'],
    to: 'SUCCEEDED',
    description: 'the gateway refunded its part; the balance gets back the rest',
    event: 'RefundCompleted',
  },
  failed: {
    from: ['REQUESTED', 'UNDER_REVIEW'],
    to: 'FAILED',
    description: 'conclusively declined; its amount is refundable again',
    event: 'RefundFailed',
  },
  reviewOpened: {
    from: ['REQUESTED'],
    to: 'UNDER_REVIEW',
    description: 'retry schedule exhausted, or the gateway declined the refund of a cancellation',
    event: 'RefundReviewOpened',
  },
} as const satisfies Record<string, Transition<RefundStatus, EventName>>;

export type RefundTransitionName = keyof typeof refundTransitions;

const refundStateMachine = createStateMachine<RefundStatus, EventName, RefundTransitionName>(
  refundTransitions,
);

/** Refunded units. */
export interface RefundLine extends OrderLine {
  /** Whether the units are restocked. */
  readonly restock: boolean;
  /** Their share of the payment, in minor units. */
  readonly amount: number;
}

export type RefundHistoryEntry = HistoryEntry<RefundStatus>;

/** A refund of a payment. Like a payment, it is its own outbox and history. */
export interface Refund {
  readonly refundId: string;
  readonly paymentId: string;
  readonly orderId: string;
  readonly userId: string;
  readonly status: RefundStatus;
  readonly version: number;
  /** Minor units of `currency`: the part that the gateway refunds and the part that the balance gets back. */
  readonly amount: number;
  /** The part of `amount` that the gateway refunds. The rest goes to the balance. */
  readonly gatewayAmount: number;
  readonly currency: string;
  /** At most two lines per SKU, one of them restocked. Empty if the request named an amount. */
  readonly lines: readonly RefundLine[];
  /** The requester's own words. */
  readonly reason: string;
  /** SHA-256 of the canonical request. The same key with another hash is rejected. */
  readonly requestHash: string;
  /**
   * Present if the buyer has cancelled the payment, also if an operator requests the refund. If the gateway
   * declines it, an operator decides.
   */
  readonly isForCancellation?: true;
  /** The operator who requested it for the buyer. Absent otherwise. Only operators see it. */
  readonly requestedBy?: OperatorIdentity;
  /** W3C trace context of the request. Every event of the refund carries it. */
  readonly traceparent?: string;
  /** Attempts at the gateway without a final answer. */
  readonly attempts: number;
  /** Time of the first request whose answer is not known. The gateway may have refunded since then. */
  readonly firstSentAt?: string;
  /** Absent if the gateway has no part of it. */
  readonly pg?: { readonly refundId: string; readonly refundedAt: string };
  readonly failure?: Failure;
  /** The payment's remaining amount after this refund, and its version. Written when the refund succeeds. */
  readonly remainingAmount?: number;
  readonly paymentVersion?: number;
  /** When the payment completed. Written when the refund succeeds. */
  readonly soldAt?: string;
  /** Bookings of the refund that were skipped. Absent if there were none. */
  readonly skipped?: readonly SkippedBooking[];
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Key of the sparse due index: present while the refund needs a next step. */
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
  | 'gatewayAmount'
  | 'currency'
  | 'lines'
  | 'reason'
  | 'requestHash'
  | 'traceparent'
  | 'isForCancellation'
  | 'requestedBy'
>;

/** Creates a refund in version 1, due immediately. */
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

/** The event of one version of a refund, if it has one. */
export const refundEventOfEntry = refundStateMachine.eventOf;
