import * as z from 'zod';
import type { Operation } from '../../shared/http/operation.ts';

const health = z
  .strictObject({ status: z.literal('ok').meta({ description: 'Always `ok`.' }) })
  .meta({ id: 'Health', description: 'Health of the API.' });

export type HealthBody = z.infer<typeof health>;

export const operation: Operation = {
  tag: 'Service',
  summary: 'Check health',
  description: 'Returns `ok` if the API is reachable. It does not check dependencies.',
  responses: { 200: { description: 'The API is reachable.', schema: health } },
  examples: {
    ok: {
      summary: 'Reachable',
      fixture: 'shop',
      response: { status: 200, body: { status: 'ok' } satisfies HealthBody },
    },
  },
};
