import * as z from 'zod';
import { limitUpTo } from '../../shared/http/pagination.ts';

/** The products of one answer. */
export const maxRanked = 100;

/** GET /rankings. */
export const rankingsQuery = z.strictObject({
  day: z.iso
    .date()
    .optional()
    .meta({ description: "Day in the shop's time zone, `YYYY-MM-DD`; today by default." }),
  limit: limitUpTo(maxRanked)
    .default(10)
    .meta({ description: 'Maximum number of items, 1 to 100.' }),
});

export type RankingsQuery = z.infer<typeof rankingsQuery>;
