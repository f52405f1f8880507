import { undoStep } from '../../shared/application/compensation/compensation-step.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { productsIn } from '../../shared/persistence/product-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { restoreStock } from './handler.ts';

const stores = storesFromEnv({ payments: paymentsIn, products: productsIn });

export const handler = undoStep('restore-stock', (undo) => restoreStock({ ...stores, undo }));
