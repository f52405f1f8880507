import * as z from 'zod';
import type { SubscribedEventName } from '../../shared/domain/events/domain-event.ts';
import { currency, id, minorUnits, timestamp } from '../../shared/http/schemas/fields.ts';

export type NotificationEventName = SubscribedEventName<'notify-buyer'>;

/** The fields of every notification. */
const notificationOfType = <T extends string>(type: T) =>
  z.strictObject({
    type: z.literal(type),
    timestamp: timestamp,
    userId: z.string(),
    paymentId: id,
    message: z.string().meta({ description: 'A sentence for the buyer.' }),
  });

const money = { orderId: id, amount: minorUnits, currency };
const code = z.string().meta({ description: 'Why.' });

/** The notification schemas by event name. */
export const notifications = {
  PaymentCompleted: notificationOfType('aftercommit.payment.completed.v1').extend(money),
  PaymentCompensated: notificationOfType('aftercommit.payment.compensated.v1').extend({
    ...money,
    code,
  }),
  PointsAdded: notificationOfType('aftercommit.points.added.v1').extend({ points: z.int() }),
  PointsCorrected: notificationOfType('aftercommit.points.corrected.v1').extend({
    points: z.int().meta({ description: 'What the payment earns by now.' }),
    change: z.int().meta({ description: 'Negative where a refund took points back.' }),
  }),
  PaymentReversed: notificationOfType('aftercommit.payment.reversed.v1').extend(money),
  RefundCompleted: notificationOfType('aftercommit.refund.completed.v1').extend({
    ...money,
    refundId: id,
  }),
  RefundFailed: notificationOfType('aftercommit.refund.failed.v1').extend({
    ...money,
    refundId: id,
    code,
  }),
} as const satisfies Record<NotificationEventName, z.ZodObject>;

/** The fields of one notification other than those of every notification. */
export type NotificationData<N extends NotificationEventName> = Omit<
  z.infer<(typeof notifications)[N]>,
  'type' | 'timestamp' | 'userId' | 'paymentId'
>;
