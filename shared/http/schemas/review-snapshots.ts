import * as z from 'zod';
import { orderStatuses } from '../../domain/orders/order.ts';
import { skipCauses } from '../../domain/skipped-booking.ts';
import { disputeSchema, refundedElsewhere } from './dispute.ts';
import {
  amountOf,
  createdAt,
  currency,
  id,
  idOf,
  operatorName,
  quantity,
  sku,
  timestampOf,
  updatedAt,
  version,
} from './fields.ts';
import { gatewayCalls, trigger } from './gateway-calls.ts';
import { orderLines } from './order.ts';
import { paymentParts, paymentStage } from './payment.ts';
import { refundParts, refundStatus, restock } from './refund.ts';

const failureSchema = z
  .strictObject({
    code: z.string().meta({ description: 'Machine-readable code.' }),
    reason: z.string().meta({ description: 'Explanation for people.' }),
    evidence: z.string().optional().meta({ description: 'What the gateway returned.' }),
    skus: z.array(z.string()).readonly().optional().meta({ description: 'SKUs concerned.' }),
  })
  .meta({ id: 'Failure', description: 'Reason for the failure or the review.' });

const skippedSchema = z
  .array(
    z.strictObject({
      target: z
        .string()
        .meta({ description: '`STOCK#{sku}`, `BALANCE#{userId}` or `ORDER#{orderId}`.' }),
      delta: z.int().nonnegative().meta({
        description: 'Units of stock or minor units of money; 0 for an order.',
      }),
      outcome: z.enum(skipCauses).meta({ description: 'Why it was not booked.' }),
    }),
  )
  .readonly()
  .optional()
  .meta({
    description:
      'Bookings skipped because their item is missing or does not allow them. Absent if there are none.',
  });

const historySchema = <S extends z.ZodType>(state: S) =>
  z
    .array(
      z.strictObject({
        version,
        at: timestampOf('Time of the transition'),
        from: state.optional(),
        to: state,
        by: z.string().meta({ description: 'Function that made the transition.' }),
        detail: z.string().optional().meta({ description: 'Explanation for people.' }),
        gatewayCalls: gatewayCalls.optional(),
        trigger: trigger.optional(),
        event: z
          .string()
          .optional()
          .meta({ description: 'Event of a change that keeps the status.' }),
      }),
    )
    .readonly()
    .meta({ description: 'Version history, oldest first.' });

/** A payment as operators see it: everything but the payment method. */
export const paymentSnapshotSchema = z
  .strictObject({
    status: paymentStage,
    version,
    amount: amountOf('Amount of the payment'),
    ...paymentParts,
    currency,
    reservation: z
      .strictObject({
        balance: amountOf('Amount held on the balance'),
        lines: z
          .array(
            z.strictObject({
              sku,
              quantity,
              parts: z
                .array(z.strictObject({ sku, quantity, restocked: z.int().optional() }))
                .readonly()
                .optional()
                .meta({ description: 'Shards of the stock that the units are taken from.' }),
            }),
          )
          .readonly()
          .meta({ description: 'Units reserved from the stock.' }),
      })
      .optional()
      .meta({
        description: 'Funds and stock held at accept. Absent if accept rejected the payment.',
      }),
    attempt: z.int().nonnegative().meta({ description: 'Number of charge attempts.' }),
    inquiryCount: z.int().optional().meta({ description: 'Number of inquiries.' }),
    lastInquiredAt: timestampOf('Time of the last inquiry').optional(),
    pg: z
      .strictObject({
        transactionId: z.string().meta({ description: 'Transaction ID of the gateway.' }),
        approvedAt: timestampOf('Time of the approval'),
      })
      .optional()
      .meta({ description: 'Approval by the gateway.' }),
    failure: failureSchema.optional(),
    cancelRequestedAt: timestampOf('Time at which a cancellation was requested').optional(),
    cancelReason: z.string().optional().meta({ description: 'Reason given by the buyer.' }),
    operatorCancellation: z
      .strictObject({
        at: timestampOf('Time of the request'),
        sub: z.string().meta({ description: 'Subject (`sub`) of the operator.' }),
        name: operatorName,
        scope: z.string().meta({ description: 'Scope that permitted the cancellation.' }),
        reason: z.string().meta({ description: 'Reason given by the operator.' }),
      })
      .optional()
      .meta({ description: 'The cancellation by an operator. Absent if the buyer cancelled.' }),
    refunded: amountOf('Amount refunded so far'),
    refundPending: amountOf('Amount of refunds in progress'),
    gatewayRefunded: amountOf('Part of `refunded` that the gateway has refunded'),
    refundedElsewhere: refundedElsewhere.optional(),
    dispute: disputeSchema.optional(),
    gatewayRefundPending: amountOf('Part of `refundPending` that the gateway refunds'),
    skipped: skippedSchema,
    createdAt,
    updatedAt,
    history: historySchema(paymentStage),
    evidence: z
      .array(
        z.strictObject({
          at: timestampOf('Time of the last observation'),
          by: z.string().meta({ description: 'Function that made the observation.' }),
          detail: z.string().meta({ description: 'Explanation for people.' }),
          gatewayCalls: gatewayCalls.optional(),
          trigger: trigger.optional(),
          occurrences: z
            .int()
            .optional()
            .meta({ description: 'Number of equal observations. Absent if there was one.' }),
          firstSeenAt: timestampOf('Time of the first observation').optional(),
        }),
      )
      .readonly()
      .meta({
        description: 'Observations that caused no transition: the latest 20, each with its count.',
      }),
    traceId: z.string().optional().meta({ description: 'Trace ID, also in its log lines.' }),
  })
  .meta({ id: 'PaymentSnapshot', description: 'The payment as stored.' });

export const orderSnapshotSchema = z
  .strictObject({
    status: z.enum(orderStatuses).meta({ description: 'Status of the order.' }),
    lines: orderLines,
    couponId: id.optional().meta({ description: 'ID of the coupon, if the order used one.' }),
    subtotal: amountOf('Sum of all lines'),
    discount: amountOf('Discount of the coupon'),
    total: amountOf('`subtotal` minus `discount`'),
    activePaymentId: id
      .optional()
      .meta({ description: 'ID of the payment that is charging or has paid the order.' }),
    updatedAt,
  })
  .meta({ id: 'OrderSnapshot', description: 'The order as stored.' });

export const compensationRecordSchema = z
  .strictObject({
    target: z.string().meta({
      description: '`STOCK#{sku}`, `BALANCE#{userId}`, `COUPON#{couponId}` or `ORDER#{orderId}`.',
    }),
    delta: z.int().meta({
      description: 'Units of stock or minor units of money restored; 0 for an order or a coupon.',
    }),
    outcome: z.string().meta({ description: 'Outcome of the compensation step.' }),
    compensatedAt: timestampOf('Time of the compensation'),
  })
  .meta({
    id: 'CompensationRecord',
    description: 'One compensation of the payment: a hold that was restored or released.',
  });

export const refundSnapshotSchema = z
  .strictObject({
    refundId: idOf('refund'),
    status: refundStatus,
    amount: amountOf('Amount of the refund'),
    ...refundParts,
    lines: z
      .array(
        z.strictObject({
          sku,
          quantity,
          restock,
          amount: amountOf('Amount refunded for this line'),
        }),
      )
      .readonly()
      .meta({ description: 'The lines refunded. Empty for a refund by amount.' }),
    reason: z.string().meta({ description: 'Reason given with the request.' }),
    attempts: z.int().nonnegative().meta({ description: 'Number of attempts.' }),
    pg: z
      .strictObject({
        refundId: z.string().meta({ description: 'Refund ID of the gateway.' }),
        refundedAt: timestampOf('Time of the refund'),
      })
      .optional()
      .meta({ description: 'Confirmation by the gateway.' }),
    failure: failureSchema.optional(),
    skipped: skippedSchema,
    history: historySchema(refundStatus),
  })
  .meta({ id: 'RefundSnapshot', description: 'The refund as stored.' });
