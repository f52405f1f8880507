import * as z from 'zod';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { sku } from '../../shared/http/schemas/fields.ts';
import { rankingsQuery } from './request.ts';

const rankings = z
  .strictObject({
    day: z.iso.date().meta({ description: "Day in the shop's time zone, `YYYY-MM-DD`." }),
    items: z
      .array(
        z.strictObject({
          rank: z.int().positive().meta({ description: 'Position, starting at 1.' }),
          sku,
          units: z.int().meta({ description: 'Number of units sold.' }),
        }),
      )
      .readonly()
      .meta({ description: 'The best sellers, the most units first.' }),
  })
  .meta({ id: 'Rankings', description: 'The best sellers of a day.' });

export type RankingsBody = z.infer<typeof rankings>;

export const operation: Operation = {
  tag: 'Shop',
  summary: 'List best sellers',
  description:
    'Returns the best-selling products of a day, the most units first. The answer may be a minute old.',
  query: rankingsQuery,
  responses: { 200: { description: 'The best sellers.', schema: rankings } },
  examples: {
    today: {
      summary: 'The best sellers of today',
      fixture: 'rewarded',
      hasSharedData: true,
      query: { limit: 3 },
      response: {
        status: 200,
        body: {
          day: '2026-11-23',
          items: [{ rank: 1, sku: alice.sku, units: 2 }],
        } satisfies RankingsBody,
      },
    },
    quietDay: {
      summary: 'A day without sales',
      fixture: 'shop',
      query: { day: '2020-02-29' },
      response: { status: 200, body: { day: '2020-02-29', items: [] } satisfies RankingsBody },
    },
    invalid: {
      summary: 'Invalid day',
      fixture: 'shop',
      query: { day: '2021-02-29' },
      response: rejectionExample('/rankings', {
        code: 'invalid-request',
        detail: 'The request is invalid.',
        errors: [{ parameter: 'day', detail: 'Invalid ISO date' }],
      }),
    },
  },
};
