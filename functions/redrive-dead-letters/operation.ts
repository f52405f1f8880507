import * as z from 'zod';
import { alice } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { deadLetterSchema } from '../../shared/http/schemas/dead-letter.ts';
import { redriveBody } from './request.ts';

const redriven = z
  .strictObject({
    dryRun: z.boolean(),
    items: z.array(
      deadLetterSchema.extend({
        outcome: z.enum([
          'sent again',
          'dropped',
          'would be sent again',
          'would be dropped',
          'left',
        ]),
      }),
    ),
  })
  .meta({ id: 'RedrivenDeadLetters' });

export type RedriveAnswer = z.infer<typeof redriven>;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Send dead letters again, or drop them',
  description:
    'A dry run unless `dryRun` is false. Sent again is only what is safe (`send-again`), at most three times; dropped only what is done or poison. Who and why are kept. After a 503 no letter is in hand, and the same order can be sent again.',
  body: redriveBody,
  answers: { 200: { description: 'What was done to each letter.', schema: redriven } },
  examples: {
    none: {
      summary: 'A dry run that finds no dead letter of the payment',
      given: 'shop',
      body: {
        consumer: 'charge-payment',
        action: 'send-again',
        paymentId: alice.paymentId,
        reason: 'The grant that was missing is back.',
      } satisfies z.input<typeof redriveBody>,
      answer: { status: 200, body: { dryRun: true, items: [] } satisfies RedriveAnswer },
    },
  },
};
