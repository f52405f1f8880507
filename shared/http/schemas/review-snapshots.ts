import * as z from 'zod';
import { orderStatuses } from '../../domain/orders/order.ts';
import { skipCauses } from '../../domain/skipped-booking.ts';
import { currency, id, minorUnits, timestamp, version } from './fields.ts';
import { gatewayCalls, trigger } from './gateway-calls.ts';
import { orderLines } from './order.ts';
import { paymentStage } from './payment.ts';
import { refundStatus } from './refund.ts';

const failureSchema = z
  .strictObject({
    code: z.string(),
    reason: z.string(),
    evidence: z.string().optional().meta({ description: 'What was seen that makes it so.' }),
    skus: z.array(z.string()).readonly().optional(),
  })
  .meta({ id: 'Failure', description: 'Why it failed, or what is under review.' });

const skippedSchema = z
  .array(
    z.strictObject({
      target: z.string().meta({ description: 'STOCK#sku, BALANCE#userId or ORDER#orderId.' }),
      delta: z.int().nonnegative().meta({ description: 'Units or minor units; 0 of an order.' }),
      outcome: z.enum(skipCauses),
    }),
  )
  .readonly()
  .optional()
  .meta({
    description:
      'What could not be booked, because its item is gone or does not allow it. Absent where everything was booked.',
  });

const historySchema = <S extends z.ZodType>(state: S) =>
  z
    .array(
      z.strictObject({
        version,
        at: timestamp,
        from: state.optional(),
        to: state,
        by: z.string().meta({ description: 'The function that moved it.' }),
        detail: z.string().optional(),
        gatewayCalls: gatewayCalls.optional(),
        trigger: trigger.optional(),
      }),
    )
    .readonly();

/** What operators see of a payment: all that was seen and done, and not how it is paid. */
export const paymentSnapshotSchema = z
  .strictObject({
    status: paymentStage,
    version,
    amount: minorUnits,
    currency,
    reservation: z
      .strictObject({
        balance: minorUnits,
        lines: z
          .array(z.strictObject({ sku: z.string(), quantity: z.int().positive() }))
          .readonly(),
      })
      .optional()
      .meta({ description: 'What accept held. Absent where accept refused.' }),
    attempt: z.int().nonnegative(),
    inquiryCount: z.int().optional(),
    lastInquiredAt: timestamp.optional(),
    pg: z.strictObject({ transactionId: z.string(), approvedAt: timestamp }).optional(),
    failure: failureSchema.optional(),
    cancelRequestedAt: timestamp.optional(),
    cancelReason: z.string().optional(),
    refunded: minorUnits,
    refundPending: minorUnits,
    skipped: skippedSchema,
    createdAt: timestamp,
    updatedAt: timestamp,
    history: historySchema(paymentStage),
    evidence: z
      .array(
        z.strictObject({
          at: timestamp,
          by: z.string(),
          detail: z.string(),
          gatewayCalls: gatewayCalls.optional(),
          trigger: trigger.optional(),
          occurrences: z
            .int()
            .optional()
            .meta({ description: 'How often the same was seen. Absent where it was seen once.' }),
          firstSeenAt: timestamp.optional().meta({ description: 'When it was first seen.' }),
        }),
      )
      .readonly()
      .meta({
        description: 'What was seen and moved nothing: the latest 20 pieces, each with its count.',
      }),
    traceId: z.string().optional().meta({ description: 'By which its log lines are found.' }),
  })
  .meta({ id: 'PaymentEvidence' });

export const orderSnapshotSchema = z
  .strictObject({
    status: z.enum(orderStatuses),
    lines: orderLines,
    couponId: id.optional(),
    subtotal: minorUnits,
    discount: minorUnits,
    total: minorUnits,
    activePaymentId: id.optional(),
    updatedAt: timestamp,
  })
  .meta({ id: 'OrderEvidence' });

export const compensationRecordSchema = z
  .strictObject({
    target: z.string(),
    delta: z.int(),
    outcome: z.string(),
    compensatedAt: timestamp,
  })
  .meta({ id: 'CompensationRecord', description: 'What was given back, once.' });

export const refundSnapshotSchema = z
  .strictObject({
    refundId: id,
    status: refundStatus,
    amount: minorUnits,
    lines: z
      .array(
        z.strictObject({
          sku: z.string(),
          quantity: z.int().positive(),
          restock: z.boolean(),
          amount: minorUnits,
        }),
      )
      .readonly(),
    reason: z.string(),
    attempts: z.int().nonnegative(),
    pg: z.strictObject({ refundId: z.string(), refundedAt: timestamp }).optional(),
    failure: failureSchema.optional(),
    skipped: skippedSchema,
    history: historySchema(refundStatus),
  })
  .meta({ id: 'RefundEvidence' });
