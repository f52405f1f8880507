import type { Payment } from '../payments/payment.ts';
import { needsCancellationRefund } from '../payments/refundable.ts';
import type { Refund } from '../refunds/refund.ts';
import type { Review } from '../reviews/review.ts';
import type { Timings } from '../timings.ts';
import type { ExpectedDelivery } from './published-events.ts';

/** What is still to happen to a payment by itself, or waits for somebody. */
export interface PendingAction {
  /** ISO 8601. Absent where no time is set. */
  readonly at?: string;
  readonly detail: string;
}

export type PendingActionTimings = Pick<Timings, 'holdExpiryMs' | 'inquiryBackoffMs'>;

/** Where a payment stands: what has been refunded of it, and what is not given back yet. */
interface PaymentContext {
  readonly refunds: readonly Refund[];
  readonly missing: readonly string[];
}

/** What is still due of a payment and its refunds; nothing where all has been said and done. */
export const listPendingActions = (
  payment: Payment,
  { refunds, missing }: PaymentContext,
  schedule: PendingActionTimings,
): readonly PendingAction[] => [
  ...paymentActions(payment, missing, schedule),
  ...refunds.flatMap((refund) => refundActions(refund, schedule)),
];

const paymentActions = (
  payment: Payment,
  missing: readonly string[],
  { holdExpiryMs, inquiryBackoffMs }: PendingActionTimings,
): readonly PendingAction[] => {
  const { status, createdAt, dueAt, cancelRequestedAt, inquiryCount = 0 } = payment;
  const action = (detail: string): readonly PendingAction[] => [
    { ...(dueAt && { at: dueAt }), detail },
  ];
  switch (status) {
    case 'RESERVED':
      if (cancelRequestedAt !== undefined)
        return action('it is given up, for its buyer cancelled it');

      return [
        ...action('a charger claims it; if none has, it is told of again'),
        {
          at: new Date(Date.parse(createdAt) + holdExpiryMs).toISOString(),
          detail: 'if it cannot be charged until then, all that it holds is given back',
        },
      ];
    case 'CHARGING':
      return action(
        'the PG answers its charger; without an answer it is UNKNOWN, and inquired about',
      );
    case 'UNKNOWN':
      return action(
        `inquiry ${inquiryCount + 1} of ${inquiryBackoffMs.length}; after the last one a person decides`,
      );
    case 'IN_REVIEW':
      return [{ detail: 'a person decides' }];
    case 'FAILED':
      return action(
        missing.length === 0
          ? 'its compensation ends'
          : `to be given back: ${missing.join(', ')}; if it is not, the compensation starts anew`,
      );
    case 'COMPENSATED':
      return dueAt === undefined
        ? []
        : action('the PG is asked again whether it charged after all');
    case 'LATE_CAPTURED':
      return action('the PG pays it back');
    case 'COMPLETED':
      return needsCancellationRefund(payment)
        ? action('what is left of it is refunded, for its buyer cancelled it')
        : [];
    case 'REVERSED':
      return [];
  }
};

const refundActions = (
  { refundId, status, dueAt, attempts }: Refund,
  { inquiryBackoffMs }: PendingActionTimings,
): readonly PendingAction[] => {
  if (status === 'UNDER_REVIEW') return [{ detail: `${refundId}: a person decides` }];
  if (status !== 'REQUESTED') return [];
  const maxAttempts = inquiryBackoffMs.length + 1;

  return [
    {
      ...(dueAt && { at: dueAt }),
      detail: `${refundId}: the PG pays it back; try ${attempts + 1} of ${maxAttempts}, after the last one a person decides`,
    },
  ];
};

/** What besides is still due of those who run the service, and of what they run. */
export const listOperatorPendingActions = (
  { status }: Pick<Payment, 'status'>,
  {
    pendingDeliveries,
    reviews,
  }: { pendingDeliveries: readonly ExpectedDelivery[]; reviews: readonly Review[] },
): readonly PendingAction[] => {
  const open = reviews.filter((review) => review.status === 'OPEN');
  const isListed = open.some(({ kind }) => kind === 'payment');

  return [
    ...open.map(({ reviewId, code }) => ({ detail: `${reviewId} is open: ${code}` })),
    ...(status === 'IN_REVIEW' && !isListed
      ? [{ detail: 'open-review has not listed it yet: in its queue, or a dead letter' }]
      : []),
    ...pendingDeliveries.map(({ consumer, event: { name, eventId } }) => ({
      detail: `${consumer} has not handled ${name} ${eventId} yet: in its queue, or a dead letter`,
    })),
  ];
};
