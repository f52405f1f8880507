import { paymentsIn } from '../../shared/data/payments.ts';
import { productsIn } from '../../shared/data/products.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { undoStep } from '../../shared/runtime/undo-step.ts';
import { restoreStock } from './handler.ts';

const stores = storesFromEnv({ payments: paymentsIn, products: productsIn });

export const handler = undoStep('restore-stock', (undo) => restoreStock({ ...stores, undo }));
