import { undoStep } from '../../shared/application/compensation/compensation-step.ts';
import { couponsIn } from '../../shared/persistence/coupon-repository.ts';
import { ordersIn } from '../../shared/persistence/order-repository.ts';
import { storesFromEnv } from '../../shared/persistence/stores-from-env.ts';
import { releaseOrder } from './handler.ts';

const stores = storesFromEnv({ orders: ordersIn, coupons: couponsIn });

export const handler = undoStep('release-order', (undo) => releaseOrder({ ...stores, undo }));
