import type { CompensationRecord } from '../compensation/compensation.ts';
import { operatorLabelOf } from '../operator.ts';
import { buyerCodeOf } from '../payments/buyer-failure.ts';
import type {
  Evidence,
  InquiryTrigger,
  Payment,
  PaymentHistoryEntry,
  PaymentStatus,
} from '../payments/payment.ts';
import { paymentTransitionOf } from '../payments/payment-transitions.ts';
import { describeRefundTenders, describeTenders } from '../payments/tenders.ts';
import { type Refund, type RefundHistoryEntry, refundTransitionOf } from '../refunds/refund.ts';
import type { Proposal, Resolution, Review } from '../reviews/review.ts';
import type { ConsumerEffect, PublishedEvent } from './published-events.ts';
import type { OperatorKind, TimelineEntryDraft, TimelineKind } from './timeline-entry.ts';

/** Who reads a timeline. The gateway's own code and words are for operators only. */
export type TimelineReader = 'buyer' | 'operator';

/** The functions whose details can quote the gateway, and the states in which they do not. */
const gatewayReaders = ['charge-payment', 'inquire-payment', 'execute-refund'];
const unquotedStates = ['COMPLETED', 'LATE_CAPTURED', 'REVERSED', 'SUCCEEDED'];

/** The detail of a transition; undefined if it has none, or if it can quote the gateway to a buyer. */
const detailFor = (
  reader: TimelineReader,
  { by, to, detail }: PaymentHistoryEntry | RefundHistoryEntry,
): string | undefined =>
  reader === 'operator' || !gatewayReaders.includes(by) || unquotedStates.includes(to)
    ? detail
    : undefined;

export const transitionEntry = (
  payment: Payment,
  entry: PaymentHistoryEntry,
  reader: TimelineReader,
): TimelineEntryDraft => {
  const { at, from, to, by, gatewayCalls } = entry;

  return {
    at,
    kind: entryKindOf(from, to, by),
    from,
    to,
    detail: detailFor(reader, entry) ?? describeTransition(payment, entry),
    ...(gatewayCalls && { gatewayCalls }),
  };
};

const describeTransition = (
  payment: Payment,
  { from, to }: Pick<PaymentHistoryEntry, 'from' | 'to'>,
): string => {
  if (to === 'FAILED' && payment.failure) return `failed: ${buyerCodeOf(payment.failure.code)}`;
  const description = paymentTransitionOf(from, to)?.description ?? '';

  return from === undefined ? `${description}: ${describeTenders(payment)}` : description;
};

const entryKindOf = (
  from: PaymentHistoryEntry['from'],
  to: PaymentHistoryEntry['to'],
  by: string,
): TimelineKind => {
  if (from === undefined) return 'accept';
  if (to === 'CHARGING') return 'claim';
  if (from === 'CHARGING') return 'charge';
  if (from === 'IN_REVIEW') return by === 'inquire-payment' ? 'inquiry' : 'transition';

  return inquiredStatuses.includes(from) ? 'inquiry' : 'transition';
};

const inquiredStatuses: readonly PaymentStatus[] = ['REQUIRES_ACTION', 'UNKNOWN', 'COMPENSATED'];

export const eventEntry = ({ at, name, eventId }: PublishedEvent): TimelineEntryDraft => ({
  at,
  kind: 'event',
  detail: name,
  eventId,
});

export const cancellationEntry = (
  at: string,
  { operatorCancellation, cancelReason: reason }: Payment,
): TimelineEntryDraft => ({
  at,
  kind: 'cancel',
  detail: `the ${operatorCancellation ? 'merchant' : 'buyer'} requested cancellation while the charge was in flight${reason === undefined ? '' : `: ${reason}`}`,
});

export const operatorCancellationEntries = ({
  paymentId,
  operatorCancellation: by,
}: Payment): readonly TimelineEntryDraft<OperatorKind>[] =>
  by === undefined
    ? []
    : [
        {
          at: by.at,
          kind: 'operator',
          detail: `${paymentId} cancelled by ${operatorLabelOf(by)}: ${by.reason}`,
        },
      ];

/** The times of immediate inquiries from one source whose answers are stored, each once. */
export const inquiryTriggers = (
  { history, evidence = [] }: Payment,
  source: InquiryTrigger['source'],
) => [
  ...new Set(
    [...history, ...evidence].flatMap(({ trigger }) =>
      trigger?.source === source ? [trigger.requestedAt] : [],
    ),
  ),
];

export const webhookEntry = (at: string): TimelineEntryDraft => ({
  at,
  kind: 'webhook',
  detail: 'webhook received; immediate inquiry requested',
});

export const buyerInquiryEntry = (at: string): TimelineEntryDraft => ({
  at,
  kind: 'inquiry',
  detail: 'immediate inquiry requested by the buyer',
});

export const operatorInquiryEntry = (at: string): TimelineEntryDraft<OperatorKind> => ({
  at,
  kind: 'operator',
  detail: 'immediate inquiry requested by an operator',
});

export const evidenceEntry = ({
  at,
  by,
  detail,
  gatewayCalls,
}: Evidence): TimelineEntryDraft<OperatorKind> => ({
  at,
  kind: 'evidence',
  detail: `${by}: ${detail}`,
  ...(gatewayCalls && { gatewayCalls }),
});

export const refundEntry = (
  refund: Refund,
  entry: RefundHistoryEntry,
  reader: TimelineReader,
): TimelineEntryDraft => {
  const { refundId, amount, currency } = refund;
  const { at, from, to, gatewayCalls } = entry;
  const known = detailFor(reader, entry) ?? refundTransitionOf(from, to)?.description;
  const detail = from === undefined ? `${known}: ${describeRefundTenders(refund)}` : known;

  return {
    at,
    kind: 'refund',
    from,
    to,
    detail: `${refundId} of ${amount} ${currency}: ${detail}`,
    ...(gatewayCalls && { gatewayCalls }),
  };
};

export const operatorRefundEntries = ({
  refundId,
  createdAt,
  requestedBy,
  reason,
}: Refund): readonly TimelineEntryDraft<OperatorKind>[] =>
  requestedBy === undefined
    ? []
    : [
        {
          at: createdAt,
          kind: 'operator',
          detail: `${refundId} requested for the buyer by ${operatorLabelOf(requestedBy)}: ${reason}`,
        },
      ];

export const compensationEntry = ({
  compensatedAt,
  target,
  outcome,
  delta,
}: CompensationRecord): TimelineEntryDraft => ({
  at: compensatedAt,
  kind: 'compensation',
  detail: `${target} ${outcome}${delta > 0 ? ` (${delta})` : ''}`,
});

export const reviewEntries = (review: Review): readonly TimelineEntryDraft<OperatorKind>[] => {
  const { reviewId, code, amountAtRisk, currency, openedAt, audit, proposal } = review;
  const entryOf = (
    done: 'proposed' | 'resolved',
    { at, by, name, decision, reason }: Proposal | Resolution,
  ): TimelineEntryDraft<OperatorKind> => ({
    at,
    kind: 'review',
    detail: `${reviewId} ${done} by ${operatorLabelOf({ sub: by, name })} as ${decision}: ${reason}`,
  });

  return [
    {
      at: openedAt,
      kind: 'review',
      detail: `${reviewId} opened: ${code}, ${amountAtRisk} ${currency} at risk`,
    },
    ...audit
      .flatMap(({ proposal: approved }) => approved ?? [])
      .map((one) => entryOf('proposed', one)),
    ...(proposal ? [entryOf('proposed', proposal)] : []),
    ...audit.map((one) => entryOf('resolved', one)),
  ];
};

export const consumerEntry = ({
  at,
  consumer,
  action,
  event,
}: ConsumerEffect): TimelineEntryDraft<OperatorKind> => ({
  at,
  kind: 'consumer',
  detail: `${consumer} ${action} ${event.name}`,
  eventId: event.eventId,
});
