import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Platform } from '../../../../dev/simulation/compositions.ts';
import type { Order } from '../../../../shared/domain/orders/order.ts';
import { composeWithOld } from '../../../simulation/builds.ts';
import { lastRelease } from '../../../simulation/releases.ts';
import { apiGatewayEvent } from '../../../support/builders/api-gateway-event.ts';
import { aProduct, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';
import { aLambdaContext } from '../../../support/harness/invoke-handler.ts';

const stores = ['Orders', 'Payments', 'Refunds', 'Products', 'Coupons', 'Reviews', 'Idempotency'];

const environment = {
  ...Object.fromEntries(stores.map((name) => [`${name.toUpperCase()}_TABLE`, name])),
  EVENT_BUS_NAME: 'bus',
  ORDER_LIFETIME_MINUTES: '1',
  TIMINGS: 'local',
};
const afterExpiry = new Date(noon.getTime() + 3_600_000);
const keys = Array.from({ length: 24 }, (_, key) => `${key}`);

/** create-order and sweep-payments of the last release or of this version, over one database in memory. */
const createFunctions = async (old: readonly string[]) => {
  const tables = new MemoryDynamo({
    Orders: ['orderId'],
    Payments: ['paymentId'],
    Refunds: ['refundId'],
    Products: ['sku'],
  });
  tables.put('Products', aProduct({ sku: 'tea' }));
  const platformAt = (time: Date) =>
    ({
      environment,
      db: tables.client,
      dynamoDb: createMemoryIdempotencyTable().dynamoDb,
      clock: { now: () => time },
      sleep: async () => {},
      random: Math.random,
      randomId: randomUUID,
      createEventBridge: () => ({}),
    }) as unknown as Platform;
  const { compose } = await composeWithOld(1, { build: lastRelease(), functions: old });
  const createOrder = compose('create-order', platformAt(noon));
  const sweep = compose('sweep-payments', platformAt(afterExpiry));
  const request = { method: 'POST', path: '/orders', buyer: 'alice' } as const;
  const body = { lines: [{ sku: 'tea', quantity: 1 }] };

  return {
    orders: () => tables.items<Order>('Orders'),
    createOrders: async () => {
      for (const key of keys)
        await createOrder(apiGatewayEvent({ ...request, key, body }), aLambdaContext());
    },
    sweep: () => sweep({}, aLambdaContext({ getRemainingTimeInMillis: () => 60_000 })),
  };
};

const [orders, sweeper] = ['create-order', 'sweep-payments'];

it.each([
  ['the last release', 'this version', [orders]],
  ['this version', 'the last release', [sweeper]],
  ['the last release', 'the last release', [orders, sweeper]],
  ['this version', 'this version', []],
])('expired orders of %s are all found by the sweeper of %s', async (_writer, _sweeper, old) => {
  const functions = await createFunctions(old);

  await functions.createOrders();
  await functions.sweep();

  expect(functions.orders().map(({ status }) => status)).toEqual(keys.map(() => 'CANCELLED'));
});
