import * as z from 'zod';
import { alice } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { deadLetterSchema } from '../../shared/http/schemas/dead-letter.ts';
import { redriveSchema } from './request.ts';

const redriven = z
  .strictObject({
    dryRun: z.boolean(),
    items: z.array(
      deadLetterSchema.extend({
        outcome: z.enum(['redriven', 'deleted', 'planned', 'skipped']),
      }),
    ),
  })
  .meta({ id: 'RedrivenDeadLetters' });

export type RedriveResponseBody = z.infer<typeof redriven>;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Send dead letters again, or drop them',
  description:
    'A dry run unless `dryRun` is false. Sent again is only what is safe (`redrive`), at most three times; dropped only what is done or poison. Who and why are kept. After a 503 no letter is in hand, and the same order can be sent again.',
  body: redriveSchema,
  responses: { 200: { description: 'What was done to each letter.', schema: redriven } },
  examples: {
    none: {
      summary: 'A dry run that finds no dead letter of the payment',
      fixture: 'shop',
      body: {
        consumer: 'charge-payment',
        action: 'redrive',
        paymentId: alice.paymentId,
        reason: 'The grant that was missing is back.',
      } satisfies z.input<typeof redriveSchema>,
      response: { status: 200, body: { dryRun: true, items: [] } satisfies RedriveResponseBody },
    },
  },
};
