import type { GatewayCall } from '../gateway-call.ts';
import type { PaymentStatus } from '../payments/payment.ts';
import type { RefundStatus } from '../refunds/refund.ts';

/** What a buyer is told of. */
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

/** What an operator is told of besides. */
export const operatorKinds = ['operator', 'evidence', 'review', 'consumer'] as const;

export type TimelineKind = (typeof timelineKinds)[number];
export type OperatorKind = (typeof operatorKinds)[number];

/** One thing that happened to a payment, or to a refund of it. */
export interface TimelineEntry<K extends TimelineKind | OperatorKind = TimelineKind> {
  /** ISO 8601. */
  readonly at: string;
  readonly sinceAcceptMs: number;
  readonly kind: K;
  readonly from?: PaymentStatus | RefundStatus;
  readonly to?: PaymentStatus | RefundStatus;
  readonly detail: string;
  /** Of the event that was told, or that a listener heard. */
  readonly eventId?: string;
  /** What the PG was asked, in order. */
  readonly gatewayCalls?: readonly GatewayCall[];
}

/** The same before it has its place. */
export type TimelineEntryDraft<K extends TimelineKind | OperatorKind = TimelineKind> = Omit<
  TimelineEntry<K>,
  'sinceAcceptMs'
>;
