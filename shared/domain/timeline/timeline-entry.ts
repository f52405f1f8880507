import type { GatewayCall } from '../gateway-call.ts';
import type { PaymentStatus } from '../payments/payment.ts';
import type { RefundStatus } from '../refunds/refund.ts';

/** The kinds of entries that a buyer sees. */
export const timelineKinds = [
  'accept',
  'claim',
  'charge',
  'webhook',
  'inquiry',
  'transition',
  'event',
  'compensation',
  'cancel',
  'refund',
] as const;

/** The kinds that only an operator sees. */
export const operatorKinds = ['operator', 'evidence', 'review', 'consumer'] as const;

export type TimelineKind = (typeof timelineKinds)[number];
export type OperatorKind = (typeof operatorKinds)[number];

/** One entry in the timeline of a payment and its refunds. */
export interface TimelineEntry<K extends TimelineKind | OperatorKind = TimelineKind> {
  /** ISO 8601. */
  readonly at: string;
  readonly sinceAcceptMs: number;
  readonly kind: K;
  readonly from?: PaymentStatus | RefundStatus;
  readonly to?: PaymentStatus | RefundStatus;
  readonly detail: string;
  /** The event that was published, or that a consumer processed. */
  readonly eventId?: string;
  /** In order. */
  readonly gatewayCalls?: readonly GatewayCall[];
}

/** An entry before its time since accept is known. */
export type TimelineEntryDraft<K extends TimelineKind | OperatorKind = TimelineKind> = Omit<
  TimelineEntry<K>,
  'sinceAcceptMs'
>;
