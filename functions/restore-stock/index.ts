import { paymentsIn } from '../../shared/data/payments.ts';
import { productsIn } from '../../shared/data/products.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { undoStep } from '../../shared/runtime/undo-step.ts';
import { restoreStock } from './handler.ts';

const env = requireEnv('PAYMENTS_TABLE', 'PRODUCTS_TABLE');
const payments = paymentsIn(db, env.PAYMENTS_TABLE);
const products = productsIn(db, env.PRODUCTS_TABLE);

export const handler = undoStep('restore-stock', (undo) =>
  restoreStock({ payments, products, undo }),
);
