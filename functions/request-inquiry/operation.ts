import * as z from 'zod';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { paymentSchema } from '../../shared/http/schemas/payment.ts';
import { completedPaymentExample } from '../../shared/http/schemas/payment-example.ts';
import { requestInquirySchema } from './request.ts';

const inquired = paymentSchema
  .omit({ nextAction: true })
  .extend({
    inquiryRequested: z.boolean().meta({
      description:
        'False if the gateway has no information: the payment was never sent, or is being reversed after a late capture.',
    }),
  })
  .meta({ id: 'RequestedInquiry', description: 'The payment at the time of the request.' });

export type RequestedInquiryBody = z.infer<typeof inquired>;

const { paymentId } = alice;
const body = { reason: 'The gateway reported an incident, ticket 4711.' };

const known = { ...completedPaymentExample, inquiryRequested: true } satisfies RequestedInquiryBody;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Request an inquiry',
  description:
    'Requests an immediate inquiry at the gateway, at most one in ten seconds. It waits for a charge or a compensation in progress. Get the payment to see the result. ' +
    'A payment with a final status is compared with the gateway; a difference opens a review. ' +
    'The operator, the scope and the reason go to the audit log before the request is sent.',
  body: requestInquirySchema,
  responses: {
    202: {
      description: 'The inquiry is requested, or not needed.',
      schema: inquired,
      headers: ['Retry-After'],
    },
  },
  problems: ['payment-not-found'],
  examples: {
    completed: {
      summary: 'Completed payment',
      fixture: 'completed',
      path: { paymentId },
      body,
      response: { status: 202, headers: { 'Retry-After': '1' }, body: known },
    },
    notFound: {
      summary: 'Unknown payment',
      fixture: 'shop',
      path: { paymentId },
      body,
      response: rejectionExample(`/operator/payments/${paymentId}/inquire`, {
        code: 'payment-not-found',
        detail: `There is no payment "${paymentId}".`,
      }),
    },
  },
};
