import * as z from 'zod';

/** What answers are described with. */
export const id = z.string().min(1).max(64);

export const minorUnits = z
  .int()
  .nonnegative()
  .meta({ description: 'Minor units of the currency. The won has none: 5000 is 5,000 won.' });

export const currency = z.string().length(3).meta({ description: 'ISO 4217.' });

export const timestamp = z.iso.datetime();

export const version = z.int().positive().meta({ description: 'Rises with every change.' });

/** One page of a list. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.strictObject({
    items: z.array(item).readonly(),
    nextCursor: z
      .string()
      .optional()
      .meta({ description: 'Where the next page begins. Absent on the last one.' }),
  });
