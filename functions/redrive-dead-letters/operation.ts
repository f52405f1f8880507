import * as z from 'zod';
import { alice } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { deadLetterSchema } from '../../shared/http/schemas/dead-letter.ts';
import { redriveSchema } from './request.ts';

const redriven = z
  .strictObject({
    dryRun: z.boolean().meta({ description: 'Whether nothing was changed.' }),
    items: z
      .array(
        deadLetterSchema.extend({
          outcome: z.enum(['redriven', 'continued', 'deleted', 'planned', 'skipped']).meta({
            description:
              'redriven or deleted: done. continued: a part of a batch is done, send the request again for the rest. planned: what a run without `dryRun` does. skipped: not safe, refused by EventBridge, or out of the limits.',
          }),
        }),
      )
      .meta({ description: 'The selected messages.' }),
  })
  .meta({ id: 'RedrivenDeadLetters', description: 'Result of a redrive or deletion.' });

export type RedriveResponseBody = z.infer<typeof redriven>;

export const operation: Operation = {
  tag: 'Operators',
  summary: 'Redrive or delete dead letters',
  description:
    'A dry run unless `dryRun` is false. Redrives only messages of disposition `redrive`, at most three times each; deletes only `obsolete` and `poison` messages. ' +
    'The actor and the reason go to the audit log. After a 503 the same request can be sent again.',
  body: redriveSchema,
  responses: { 200: { description: 'The outcome for each message.', schema: redriven } },
  examples: {
    none: {
      summary: 'Dry run without a matching message',
      fixture: 'shop',
      body: {
        consumer: 'charge-payment',
        action: 'redrive',
        paymentId: alice.paymentId,
        reason: 'The missing IAM permission was restored.',
      } satisfies z.input<typeof redriveSchema>,
      response: { status: 200, body: { dryRun: true, items: [] } satisfies RedriveResponseBody },
    },
  },
};
