import * as z from 'zod';
import { refundTransitions } from '../../domain/refunds/refund.ts';
import type { SuccessResponse } from '../operation.ts';
import {
  amountOf,
  createdAt,
  currency,
  idOf,
  quantity,
  sku,
  updatedAt,
  version,
} from './fields.ts';
import { failureSummarySchema } from './payment.ts';

export const refundStatus = z
  .enum([...new Set(Object.values(refundTransitions).map(({ to }) => to))])
  .meta({
    id: 'RefundStatus',
    description:
      'REQUESTED: not executed yet, or its outcome is unknown. SUCCEEDED: the money was refunded. FAILED: it was not refunded; a new refund may be requested. UNDER_REVIEW: an operator decides.',
  });

export const restock = z.boolean().meta({ description: 'Whether the units go back to the stock.' });

/** The parts of a refund's amount. */
export const refundParts = {
  balanceAmount: amountOf('Part of the amount that goes back to the balance'),
  gatewayAmount: amountOf('Part of the amount that the gateway refunds'),
};

/** A refund as its buyer sees it. */
export const refundSchema = z
  .strictObject({
    refundId: idOf('refund'),
    paymentId: idOf('payment'),
    orderId: idOf('order'),
    status: refundStatus,
    amount: amountOf('Amount of the refund'),
    ...refundParts,
    currency,
    lines: z
      .array(
        z.strictObject({
          sku,
          quantity,
          restock,
          restocked: z.literal(false).optional().meta({
            description:
              'Present if the units came back but the product is no longer in the catalogue.',
          }),
          amount: amountOf('Amount refunded for this line'),
        }),
      )
      .readonly()
      .meta({ description: 'The lines refunded. Empty for a refund by amount.' }),
    reason: z.string().meta({ description: 'Reason given with the request.' }),
    version,
    createdAt,
    updatedAt,
    failure: failureSummarySchema,
    links: z
      .strictObject({
        self: z.string().meta({ description: 'Path of the refund.' }),
        payment: z.string().meta({ description: 'Path of its payment.' }),
      })
      .meta({
        id: 'RefundLinks',
        description: 'Related paths, relative to the base URL of the API.',
      }),
  })
  .meta({ id: 'Refund', description: 'A refund of a payment.' });

export type RefundBody = z.infer<typeof refundSchema>;

const requestedRefundSchema = z
  .strictObject({
    refundId: idOf('refund'),
    paymentId: idOf('payment'),
    status: z.literal('REQUESTED').meta({ description: 'Status of the refund.' }),
    amount: amountOf('Amount of the refund'),
    ...refundParts,
    currency,
  })
  .meta({ id: 'RequestedRefund', description: 'The refund that was requested.' });

export type RequestedRefundBody = z.infer<typeof requestedRefundSchema>;

/** The response to a refund request of a buyer or of an operator. */
export const requestedRefundResponse: SuccessResponse = {
  description:
    'The refund is requested. The same key returns the same response, whatever the refund has become since.',
  schema: requestedRefundSchema,
  headers: ['Location', 'Idempotency-Replayed'],
};
