import { couponsIn } from '../../shared/data/coupons.ts';
import { ordersIn } from '../../shared/data/orders.ts';
import { documents as db } from '../../shared/runtime/aws.ts';
import { requireEnv } from '../../shared/runtime/env.ts';
import { undoStep } from '../../shared/runtime/undo-step.ts';
import { releaseOrder } from './handler.ts';

const env = requireEnv('ORDERS_TABLE', 'COUPONS_TABLE');
const orders = ordersIn(db, env.ORDERS_TABLE);
const coupons = couponsIn(db, env.COUPONS_TABLE);

export const handler = undoStep('release-order', (undo) => releaseOrder({ orders, coupons, undo }));
