import * as z from 'zod';

const count = z
  .string()
  .regex(/^\d{1,3}$/, 'This is not a number from 1 to 100.')
  .transform(Number)
  .pipe(z.int().min(1).max(100));

/** The part of a list's query that says which page. `cursor` is the `nextCursor` of the page before. */
export const pageQuery = {
  limit: count.default(20),
  cursor: z.string().max(512).optional(),
};
