import { couponsIn } from '../../shared/data/coupons.ts';
import { ordersIn } from '../../shared/data/orders.ts';
import { storesFromEnv } from '../../shared/runtime/stores.ts';
import { undoStep } from '../../shared/runtime/undo-step.ts';
import { releaseOrder } from './handler.ts';

const stores = storesFromEnv({ orders: ordersIn, coupons: couponsIn });

export const handler = undoStep('release-order', (undo) => releaseOrder({ ...stores, undo }));
