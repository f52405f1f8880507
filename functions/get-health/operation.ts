import * as z from 'zod';
import type { Operation } from '../../shared/http/operation.ts';

const health = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' });

export type HealthBody = z.infer<typeof health>;

export const operation: Operation = {
  tag: 'Service',
  summary: 'See whether the API answers',
  description: 'What stands behind it is not asked.',
  responses: { 200: { description: 'It answers.', schema: health } },
  examples: {
    ok: {
      summary: 'It answers',
      fixture: 'shop',
      response: { status: 200, body: { status: 'ok' } satisfies HealthBody },
    },
  },
};
