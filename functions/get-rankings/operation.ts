import * as z from 'zod';
import { alice, rejectionExample } from '../../shared/http/examples.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { rankingsQuery } from './request.ts';

const rankings = z
  .strictObject({
    day: z.iso
      .date()
      .meta({ description: "In the shop's time zone, UTC unless it was deployed with another." }),
    items: z
      .array(z.strictObject({ rank: z.int().positive(), sku: z.string(), units: z.int() }))
      .readonly(),
  })
  .meta({ id: 'Rankings' });

export type RankingsBody = z.infer<typeof rankings>;

export const operation: Operation = {
  tag: 'Shop',
  summary: 'See what sells best',
  description: 'The best sellers of a day, the most units first.',
  query: rankingsQuery,
  responses: { 200: { description: 'The best sellers.', schema: rankings } },
  examples: {
    today: {
      summary: 'What sells best today',
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
      summary: 'A day on which nothing was sold',
      fixture: 'shop',
      query: { day: '2020-02-29' },
      response: { status: 200, body: { day: '2020-02-29', items: [] } satisfies RankingsBody },
    },
    notUnderstood: {
      summary: 'A day that never was',
      fixture: 'shop',
      query: { day: '2021-02-29' },
      response: rejectionExample('/rankings', {
        code: 'invalid-request',
        detail: 'The request has faults.',
        errors: [{ parameter: 'day', detail: 'Invalid ISO date' }],
      }),
    },
  },
};
