import * as z from 'zod';
import { buyerStatuses } from '../../domain/payments/payment.ts';
import { paymentTransitions } from '../../domain/payments/payment-transitions.ts';
import { currency, id, minorUnits, timestamp, version } from './fields.ts';

export const paymentStatus = z.enum(buyerStatuses).meta({
  id: 'PaymentStatus',
  description:
    'PENDING: to be charged. CONFIRMING: whether it was charged is being found out; the money stays held. UNDER_REVIEW: a person decides. ' +
    'COMPLETED, PARTIALLY_REFUNDED, REFUNDED: it was charged. FAILED: it was not, or what was is given back.',
});

export const paymentStage = z
  .enum([...new Set(Object.values(paymentTransitions).map(({ to }) => to))])
  .meta({
    id: 'PaymentStage',
    description: 'The state behind the status, for those who look closer.',
  });

export const paymentLinksSchema = z
  .strictObject({ self: z.string(), timeline: z.string() })
  .meta({ id: 'PaymentLinks', description: 'Paths of this API.' });

/** What a buyer sees of a payment. */
export const paymentSchema = z
  .strictObject({
    paymentId: id,
    orderId: id,
    status: paymentStatus,
    stage: paymentStage,
    amount: minorUnits,
    currency,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
    failure: z
      .strictObject({ code: z.string(), reason: z.string() })
      .optional()
      .meta({ description: 'Why it failed, or what is under review.' }),
    refunded: minorUnits,
    links: paymentLinksSchema,
  })
  .meta({ id: 'Payment' });

export type PaymentBody = z.infer<typeof paymentSchema>;
