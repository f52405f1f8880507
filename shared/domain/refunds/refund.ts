import { compactHistory, truncateEntry, truncateFailure } from '../bounds.ts';
import { dueShardOf } from '../due-index.ts';
import { IllegalTransitionError } from '../errors.ts';
import type { EventName } from '../events/domain-event.ts';
import type { GatewayCall } from '../gateway-call.ts';
import type { OrderLine } from '../orders/order.ts';
import type { Failure } from '../payments/payment.ts';
import type { SkippedBooking } from '../skipped-booking.ts';

export type RefundStatus = 'REQUESTED' | 'SUCCEEDED' | 'FAILED' | 'UNDER_REVIEW';

/** Whether the buyer knows how it ended. */
export const isRefundFinal = ({ status }: { readonly status: RefundStatus }): boolean =>
  status === 'SUCCEEDED' || status === 'FAILED';

interface RefundTransition {
  /** Empty: the refund begins here. */
  readonly from: readonly RefundStatus[];
  readonly to: RefundStatus;
  readonly description: string;
  readonly event?: EventName;
}

/** The one table of what a refund may do. Repository, tests and documentation are made from it. */
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
} as const satisfies Record<string, RefundTransition>;

export type RefundTransitionName = keyof typeof refundTransitions;

/** Units whose sale is undone. */
export interface RefundLine extends OrderLine {
  /** Whether they go back into the stock. */
  readonly restock: boolean;
  /** Their share of what was paid, in minor units. */
  readonly amount: number;
}

export interface RefundHistoryEntry {
  readonly version: number;
  /** ISO 8601. */
  readonly at: string;
  readonly from?: RefundStatus;
  readonly to: RefundStatus;
  /** The function that moved it. */
  readonly by: string;
  readonly detail?: string;
  /** What the PG was asked on the way to it, in order. Absent where it was not asked. */
  readonly gatewayCalls?: readonly GatewayCall[];
}

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

export interface RefundTransitionInput {
  readonly at: Date;
  readonly by: string;
  readonly detail?: string;
  readonly gatewayCalls?: RefundHistoryEntry['gatewayCalls'];
  readonly change?: RefundChange;
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

/** Whether the transition table has a way from here. */
export const canRefundTransition = (
  { status }: Pick<Refund, 'status'>,
  name: RefundTransitionName,
) => (refundTransitions[name].from as readonly RefundStatus[]).includes(status);

/** The refund after one transition; throws IllegalTransition where the table has no such way. */
export const transitionRefund = (
  refund: Refund,
  name: RefundTransitionName,
  { at, by, detail, gatewayCalls = [], change }: RefundTransitionInput,
): Refund => {
  const { to } = refundTransitions[name];
  if (!canRefundTransition(refund, name))
    throw new IllegalTransitionError(refund.refundId, refund.status, to);

  const version = refund.version + 1;
  const now = at.toISOString();
  const notes = {
    ...(detail !== undefined && { detail }),
    ...(gatewayCalls.length > 0 && { gatewayCalls: gatewayCalls }),
  };
  const { dueAt, dueShard, ...kept } = refund;

  return {
    ...kept,
    status: to,
    version,
    updatedAt: now,
    ...(change && truncateFailure(change)),
    ...dueIndexOf(refund.refundId, to, change?.dueAt ?? now),
    history: compactHistory([
      ...refund.history,
      truncateEntry({ version, at: now, from: refund.status, to, by, ...notes }),
    ]),
  };
};

/** What waits for the PG moves by itself; what is under review is due until its review is stored, as a payment is. */
const dueIndexOf = (refundId: string, to: RefundStatus, dueAt: string) =>
  to === 'REQUESTED' || to === 'UNDER_REVIEW' ? { dueShard: dueShardOf(refundId), dueAt } : {};

/** The way that the table has from one state to another, if any. Without a `from` the refund begins. */
export const refundTransitionOf = (from: RefundStatus | undefined, to: RefundStatus) =>
  (Object.values(refundTransitions) as readonly RefundTransition[]).find(
    (transition) =>
      transition.to === to &&
      (from === undefined ? transition.from.length === 0 : transition.from.includes(from)),
  );
