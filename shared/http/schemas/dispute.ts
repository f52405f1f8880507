import * as z from 'zod';
import { disputeStatuses } from '../../domain/payments/payment.ts';
import { amountOf, timestampOf } from './fields.ts';

export const refundedElsewhere = amountOf(
  'Amount refunded at the gateway without this service, and not booked',
);

/** A dispute as operators see it. */
export const disputeSchema = z
  .strictObject({
    id: z.string().meta({ description: "The gateway's ID of the dispute." }),
    amount: amountOf('Disputed amount'),
    status: z.enum(disputeStatuses).meta({
      description: 'open: the bank has not decided. won: the merchant keeps the money.',
    }),
    openedAt: timestampOf('Time at which the dispute was found'),
    closedAt: timestampOf('Time at which the decision was found').optional(),
  })
  .meta({ id: 'Dispute', description: 'The last dispute about the charge.' });
