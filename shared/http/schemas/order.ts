import * as z from 'zod';
import { minorUnits } from './fields.ts';

/** What an order is for: one line a distinct sku. */
export const orderLines = z
  .array(z.strictObject({ sku: z.string(), quantity: z.int().positive(), unitPrice: minorUnits }))
  .readonly()
  .meta({ id: 'OrderLines', description: 'One line a sku.' });
