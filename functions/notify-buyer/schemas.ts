import * as z from 'zod';
import type { SubscribedEventName } from '../../shared/domain/events/subscriptions.ts';
import { amountOf, currency, idOf, timestampOf } from '../../shared/http/schemas/fields.ts';
import { refundParts } from '../../shared/http/schemas/refund.ts';

export type NotificationEventName = SubscribedEventName<'notify-buyer'>;

/** The fields of every notification. */
const notificationOfType = <T extends string>(type: T) =>
  z.strictObject({
    type: z.literal(type).meta({ description: 'Type of the notification.' }),
    timestamp: timestampOf('Time of the event'),
    userId: z.string().meta({ description: 'ID of the buyer.' }),
    paymentId: idOf('payment'),
    message: z.string().meta({ description: 'Message for the buyer.' }),
  });

const money = {
  orderId: idOf('order'),
  amount: amountOf('Amount of the payment or refund'),
  currency,
};
const code = z.string().meta({
  description: "Machine-readable reason, never the gateway's own code. New values may be added.",
});

/** The notification schemas by event name. */
export const notifications = {
  PaymentMethodRequired: notificationOfType('aftercommit.payment.method.required.v1').extend(money),
  PaymentActionRequired: notificationOfType('aftercommit.payment.action.required.v1').extend(money),
  PaymentDeclined: notificationOfType('aftercommit.payment.declined.v1').extend({ ...money, code }),
  PaymentCompleted: notificationOfType('aftercommit.payment.completed.v1').extend(money),
  PaymentCompensated: notificationOfType('aftercommit.payment.compensated.v1').extend({
    ...money,
    code,
  }),
  PointsAdded: notificationOfType('aftercommit.points.added.v1').extend({
    points: z.int().meta({ description: 'Number of points added.' }),
  }),
  PointsCorrected: notificationOfType('aftercommit.points.corrected.v1').extend({
    points: z.int().meta({ description: 'Points of the payment after the correction.' }),
    change: z.int().meta({ description: 'Change in points, negative after a refund.' }),
  }),
  PaymentReversed: notificationOfType('aftercommit.payment.reversed.v1').extend(money),
  RefundCompleted: notificationOfType('aftercommit.refund.completed.v1').extend({
    ...money,
    refundId: idOf('refund'),
    balanceAmount: refundParts.balanceAmount.optional(),
    gatewayAmount: refundParts.gatewayAmount.optional(),
  }),
  RefundFailed: notificationOfType('aftercommit.refund.failed.v1').extend({
    ...money,
    refundId: idOf('refund'),
    code,
  }),
} as const satisfies Record<NotificationEventName, z.ZodObject>;

/** The fields of one notification other than those of every notification. */
export type NotificationData<N extends NotificationEventName> = Omit<
  z.infer<(typeof notifications)[N]>,
  'type' | 'timestamp' | 'userId' | 'paymentId'
>;
