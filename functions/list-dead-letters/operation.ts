import * as z from 'zod';
import type { Operation } from '../../shared/http/operation.ts';
import { deadLetterSchema } from '../../shared/http/schemas/dead-letter.ts';
import { deadLettersQuery } from './request.ts';

const deadLetters = z
  .strictObject({
    items: z.array(
      z.strictObject({
        consumer: z.string().meta({ description: 'The function that could not handle them.' }),
        depth: z.int().nonnegative().meta({ description: 'Roughly, as SQS counts.' }),
        oldestSentAt: z.iso.datetime().optional(),
        sample: z.array(deadLetterSchema),
      }),
    ),
  })
  .meta({ id: 'DeadLetters' });

export type DeadLettersBody = z.infer<typeof deadLetters>;

const quiet = {
  items: [{ consumer: 'backlog-undelivered', depth: 0, sample: [] }],
} satisfies DeadLettersBody;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Look at the dead letters',
  description:
    'Every queue of dead letters, and of the first in each what is to become of it by what its payment is now. Nothing is taken out.',
  query: deadLettersQuery,
  responses: { 200: { description: 'The queues.', schema: deadLetters } },
  examples: {
    quiet: {
      summary: 'A healthy day',
      fixture: 'shop',
      hasSharedData: true,
      query: { consumer: 'backlog-undelivered' },
      response: { status: 200, body: quiet },
    },
  },
};
