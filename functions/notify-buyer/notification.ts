import type { DomainEvent, EventData } from '../../shared/domain/events/domain-event.ts';
import {
  buyerCodeOf,
  buyerRefundCodeOf,
  declineReasons,
} from '../../shared/domain/payments/buyer-failure.ts';
import type { NotificationData, NotificationEventName } from './schemas.ts';

const pointsText = (points: number) => (points === 1 ? '1 point was' : `${points} points were`);

const reasons: Readonly<Record<string, string>> = declineReasons;

/** An event of an older version carries the gateway's own code. */
const failureOf = (eventCode: string) => {
  const code = buyerCodeOf(eventCode);
  const sentences = [
    'Your payment did not go through.',
    reasons[code] ?? [],
    'You were not charged.',
  ];

  return { code, message: sentences.flat().join(' ') };
};

type RefundedParts = Pick<
  EventData<'RefundCompleted'>,
  'amount' | 'balanceAmount' | 'gatewayAmount'
>;

/** Where the money of a refund is. An event of an older version does not have the parts of the amount. */
const refundText = ({ amount, balanceAmount, gatewayAmount }: RefundedParts): string => {
  if (amount === 0) return 'Your return is complete. There was no amount to refund.';
  if (gatewayAmount === 0) return 'Your refund is complete. The money is back in your balance.';
  if (balanceAmount === 0)
    return 'Your refund is complete. The money goes back to your payment method, which can take some days.';
  if (balanceAmount === undefined) return 'Your refund is complete.';

  return 'Your refund is complete. One part is back in your balance. The other part goes back to your payment method, which can take some days.';
};

const dataByEvent: {
  readonly [N in NotificationEventName]: (data: EventData<N>) => NotificationData<N>;
} = {
  PaymentMethodRequired: ({ orderId, amount, currency }) => ({
    orderId,
    amount,
    currency,
    message: 'Your order is reserved. Choose how to pay for it.',
  }),
  PaymentActionRequired: ({ orderId, amount, currency }) => ({
    orderId,
    amount,
    currency,
    message: 'Your payment must be confirmed. Open it to continue.',
  }),
  PaymentDeclined: ({ orderId, amount, currency, code: eventCode }) => {
    const code = buyerCodeOf(eventCode);
    const sentences = [
      reasons[code] ?? [],
      'Your order stays reserved: choose another payment method.',
    ];

    return { orderId, amount, currency, code, message: sentences.flat().join(' ') };
  },
  PaymentCompleted: ({ orderId, amount, currency }) => ({
    orderId,
    amount,
    currency,
    message: 'Your payment is complete. Its points will be added soon.',
  }),
  PaymentCompensated: ({ orderId, amount, currency, code }) => ({
    orderId,
    amount,
    currency,
    ...failureOf(code),
  }),
  PointsAdded: ({ points }) => ({
    points,
    message: `${pointsText(points)} added.`,
  }),
  PointsCorrected: ({ points, change }) => ({
    points,
    change,
    message: `${pointsText(Math.abs(change))} ${change < 0 ? 'deducted' : 'added'}.`,
  }),
  PaymentReversed: ({ orderId, amount, currency }) => ({
    orderId,
    amount,
    currency,
    message: 'Your payment did not go through, and the money was refunded.',
  }),
  RefundCompleted: ({ refundId, orderId, amount, balanceAmount, gatewayAmount, currency }) => ({
    refundId,
    orderId,
    amount,
    ...(balanceAmount !== undefined && { balanceAmount }),
    ...(gatewayAmount !== undefined && { gatewayAmount }),
    currency,
    message: refundText({ amount, balanceAmount, gatewayAmount }),
  }),
  RefundFailed: ({ refundId, orderId, amount, currency, code }) => ({
    refundId,
    orderId,
    amount,
    currency,
    code: buyerRefundCodeOf(code),
    message: 'Your refund did not go through. Your payment is unchanged.',
  }),
};

/** The body of the webhook: ids, amounts, and a sentence for the buyer. */
export const notificationOf = <N extends NotificationEventName>({
  name,
  type,
  time,
  data,
}: DomainEvent<N>) => {
  const { userId, paymentId } = data;

  return { type, timestamp: time, userId, paymentId, ...dataByEvent[name](data) };
};
