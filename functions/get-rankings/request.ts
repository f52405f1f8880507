import * as z from 'zod';

const maxItems = 100;

/** GET /rankings. A limit is written in digits alone, so that none is read as another number than it looks. */
export const rankingsQuery = z.strictObject({
  /** A day of the shop's time zone; today unless given. */
  day: z.iso.date().optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'A limit is a whole number.')
    .transform(Number)
    .pipe(z.int().min(1).max(maxItems))
    .default(10),
});

export type RankingsQuery = z.infer<typeof rankingsQuery>;
