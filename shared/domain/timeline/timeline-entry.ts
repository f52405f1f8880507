import type { Asked } from '../gateway-call.ts';
import type { PaymentStatus } from '../payments/payment-transitions.ts';
import type { RefundStatus } from '../refunds/refund.ts';

/** What a buyer is told of. */
export const timelineKinds = [
  'accept',
  'claim',
  'charge',
  'webhook',
  'inquiry',
  'state',
  'event',
  'compensation',
  'cancel',
  'refund',
] as const;

/** What an operator is told of besides. */
export const innerKinds = ['operator', 'evidence', 'review', 'listener'] as const;

export type Kind = (typeof timelineKinds)[number];
export type InnerKind = (typeof innerKinds)[number];

/** One thing that happened to a payment, or to a refund of it. */
export interface TimelineEntry<K extends Kind | InnerKind = Kind> {
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
  readonly asked?: readonly Asked[];
}

/** The same before it has its place. */
export type Happening<K extends Kind | InnerKind = Kind> = Omit<TimelineEntry<K>, 'sinceAcceptMs'>;
