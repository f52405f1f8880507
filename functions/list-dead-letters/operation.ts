import * as z from 'zod';
import type { Operation } from '../../shared/http/operation.ts';
import { deadLetterSchema } from '../../shared/http/schemas/dead-letter.ts';
import { timestampOf } from '../../shared/http/schemas/fields.ts';
import { deadLettersQuery } from './request.ts';

const deadLetters = z
  .strictObject({
    items: z
      .array(
        z.strictObject({
          consumer: z
            .string()
            .meta({ description: 'Function that failed to process the messages.' }),
          depth: z.int().nonnegative().meta({ description: 'Approximate number of messages.' }),
          oldestSentAt: timestampOf('Time at which the oldest message was sent').optional(),
          sample: z.array(deadLetterSchema).meta({ description: 'The first messages.' }),
        }),
      )
      .meta({ description: 'The dead-letter queues.' }),
  })
  .meta({ id: 'DeadLetters', description: 'The dead-letter queues with samples.' });

export type DeadLettersBody = z.infer<typeof deadLetters>;

const quiet = {
  items: [{ consumer: 'backlog-undelivered', depth: 0, sample: [] }],
} satisfies DeadLettersBody;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'List dead letters',
  description:
    'Returns every dead-letter queue with a sample of its messages and their disposition. The messages stay in the queue.',
  query: deadLettersQuery,
  responses: { 200: { description: 'The dead-letter queues.', schema: deadLetters } },
  examples: {
    quiet: {
      summary: 'Empty queue',
      fixture: 'shop',
      hasSharedData: true,
      query: { consumer: 'backlog-undelivered' },
      response: { status: 200, body: quiet },
    },
  },
};
