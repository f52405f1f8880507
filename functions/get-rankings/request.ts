import * as z from 'zod';

const maxItems = 100;

/** GET /rankings. A limit has digits only, so "1e2" or "0x10" is rejected. */
export const rankingsQuery = z.strictObject({
  /** In the shop's time zone; by default today. */
  day: z.iso.date().optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'A limit is a whole number.')
    .transform(Number)
    .pipe(z.int().min(1).max(maxItems))
    .default(10),
});

export type RankingsQuery = z.infer<typeof rankingsQuery>;
