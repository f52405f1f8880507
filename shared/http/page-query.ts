import * as z from 'zod';

/** A number from 1 to the most, in digits alone. */
export const limitUpTo = (max: number) => {
  const error = `This is not a number from 1 to ${max}.`;

  return z
    .string()
    .regex(/^\d{1,3}$/, error)
    .transform(Number)
    .pipe(z.int().min(1, error).max(max, error));
};

/** The part of a list's query that says which page. `cursor` is the `nextCursor` of the page before. */
export const pageQuery = {
  limit: limitUpTo(100).default(20),
  cursor: z.string().max(512).optional(),
};
