import * as z from 'zod';

export const id = z.string().min(1).max(64);

/** The id of a thing, such as `idOf('payment')`. */
export const idOf = (thing: string) => id.meta({ description: `ID of the ${thing}.` });

export const sku = z.string().meta({ description: 'SKU of the product in the catalogue.' });

export const quantity = z.int().positive().meta({ description: 'Number of units.' });

export const minorUnits = z.int().nonnegative().meta({
  description: 'Amount in minor units of the currency: 5000 KRW is 5,000 won, 5000 USD is $50.00.',
});

/** An amount in minor units, described. */
export const amountOf = (description: string) =>
  minorUnits.meta({ description: `${description}, in minor units of the currency.` });

export const currency = z
  .string()
  .length(3)
  .meta({ description: 'ISO 4217 currency code in upper case.' });

const instant = z.iso.datetime();

export const timestamp = instant.meta({ description: 'RFC 3339 timestamp in UTC.' });

/** A timestamp, described. */
export const timestampOf = (description: string, note = '') =>
  instant.meta({ description: `${description} (RFC 3339, UTC).${note && ` ${note}`}` });

export const createdAt = timestampOf('Time of creation');

export const updatedAt = timestampOf('Time of the last change');

export const version = z
  .int()
  .positive()
  .meta({ description: 'Version number: starts at 1 and rises by 1 with every change.' });

/** One page of a list. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.strictObject({
    items: z.array(item).readonly().meta({ description: 'The items of this page.' }),
    nextCursor: z.string().optional().meta({
      description: 'Cursor of the next page, to send as `cursor`. Absent on the last page.',
    }),
  });

export const operatorName = z
  .string()
  .optional()
  .meta({ description: 'Name or e-mail address of the operator, if the token has one.' });
