import { holdExpiresAt } from '../payments/hold-release.ts';
import type { Payment } from '../payments/payment.ts';
import { needsCancellationRefund } from '../payments/refundable.ts';
import type { Refund } from '../refunds/refund.ts';
import type { Review } from '../reviews/review.ts';
import type { Timings } from '../timings.ts';
import type { ExpectedDelivery } from './published-events.ts';

/** A step that is due: automatic, or a task of an operator. */
export interface PendingAction {
  /** ISO 8601. Absent if the step has no time. */
  readonly at?: string;
  readonly detail: string;
}

export type PendingActionTimings = Pick<Timings, 'holdExpiryMs' | 'inquiryBackoffMs'>;

/** The refunds of a payment, and the compensation targets without a record. */
interface PaymentContext {
  readonly refunds: readonly Refund[];
  readonly missing: readonly string[];
}

/** Lists the pending actions of a payment and its refunds. Empty if nothing is left to do. */
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
  timings: PendingActionTimings,
): readonly PendingAction[] => {
  const { status, dueAt, claimExpiresAt, cancelRequestedAt, inquiryCount = 0 } = payment;
  const action = (detail: string, at = dueAt): readonly PendingAction[] => [
    { ...(at && { at }), detail },
  ];
  switch (status) {
    case 'REQUIRES_METHOD':
      return action('the buyer provides a payment method; the hold expires otherwise');
    case 'REQUIRES_ACTION':
      if (cancelRequestedAt !== undefined)
        return action('its charge is cancelled at the gateway, because it was cancelled');

      return action('the buyer acts at the gateway; the charge is cancelled otherwise');
    case 'RESERVED':
      if (cancelRequestedAt !== undefined)
        return action('its hold is released, because it was cancelled');

      return [
        ...action('the charger claims it; the sweeper republishes the event otherwise'),
        {
          at: holdExpiresAt(payment, timings),
          detail: 'the hold expires; stock, balance and coupon are restored',
        },
      ];
    case 'CHARGING':
      return action(
        'the gateway answers the charger; without an answer it becomes UNKNOWN and an inquiry follows',
        claimExpiresAt,
      );
    case 'UNKNOWN':
      return action(
        `inquiry ${inquiryCount + 1} of ${timings.inquiryBackoffMs.length}; after the last one an operator decides`,
      );
    case 'IN_REVIEW':
      return [{ detail: 'an operator decides' }];
    case 'FAILED':
      return action(
        missing.length === 0
          ? 'compensation finishes'
          : `to be restored: ${missing.join(', ')}; otherwise compensation restarts`,
      );
    case 'COMPENSATED':
      return dueAt === undefined
        ? []
        : action('late-capture check: an inquiry whether the gateway captured it meanwhile');
    case 'LATE_CAPTURED':
      return action('the gateway refunds it');
    case 'COMPLETED':
      return needsCancellationRefund(payment)
        ? action('its remaining amount is refunded, because it was cancelled')
        : [];
    case 'REVERSED':
      return [];
  }
};

const refundActions = (
  { refundId, status, gatewayAmount, dueAt, attempts }: Refund,
  { inquiryBackoffMs }: PendingActionTimings,
): readonly PendingAction[] => {
  if (status === 'UNDER_REVIEW') return [{ detail: `${refundId}: an operator decides` }];
  if (status !== 'REQUESTED') return [];
  const at = dueAt && { at: dueAt };
  if (gatewayAmount === 0)
    return [{ ...at, detail: `${refundId}: it is booked without the gateway` }];
  const maxAttempts = inquiryBackoffMs.length + 1;

  return [
    {
      ...at,
      detail: `${refundId}: the gateway refunds it; attempt ${attempts + 1} of ${maxAttempts}, after the last one an operator decides`,
    },
  ];
};

/** Lists the operator's tasks and the deliveries that consumers have not processed yet. */
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
      ? [{ detail: 'open-review has not listed it yet: in its queue or dead-letter queue' }]
      : []),
    ...pendingDeliveries.map(({ consumer, event: { name, eventId } }) => ({
      detail: `${consumer} has not processed ${name} ${eventId} yet: in its queue or dead-letter queue`,
    })),
  ];
};
