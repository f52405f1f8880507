import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { listen } from '../../../dev/local/http-server.ts';
import { createInMemorySimulator } from '../../../dev/local/simulator-server.ts';
import { createInMemoryReceiver } from '../../../dev/local/sinks-server.ts';
import type { Order } from '../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { mount, type PlainServer } from '../../../shared/simulators/plain-http.ts';
import { apiGatewayEvent } from '../../support/builders/api-gateway-event.ts';
import { aBalance, anOrder, aProduct } from '../../support/builders/builders.ts';
import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';
import { createClient, scanAll } from '../database/tables.ts';
import type { HttpResult } from '../host/front.ts';
import { startService } from '../host/service.ts';
import { balancePart, unitPrice } from '../measure/shop.ts';
import { type Counts, countsOf, noObservations, type Observations } from './counts.ts';
import type { PaymentKind } from './kinds.ts';
import { startMeter } from './meter.ts';

interface CounterOptions {
  readonly deployment: Deployment;
  readonly bundles: Readonly<Record<string, string>>;
  /** A DynamoDB with the tables. */
  readonly database: string;
  /** The time in which the batches of streams and queues fill; without it a message is a batch of its own. */
  readonly batchMs?: number;
}

/** Runs the whole service over a metered DynamoDB, and returns the counts of a payment, or of some together. */
export const openCounter = async ({ bundles, database, batchMs, ...options }: CounterOptions) => {
  const deployment =
    batchMs === undefined ? options.deployment : filling(options.deployment, batchMs);
  const db = createClient(database);
  let observations = noObservations();
  const meter = await startMeter(database, deployment.tables, (trip) =>
    observations.trips.push(trip),
  );
  const outside = await listen(
    mount({
      '/pg': countingGateway(createInMemorySimulator(), () => observations),
      '/data-platform': createInMemoryReceiver(),
      '/notifications': createInMemoryReceiver(),
    }),
  );
  const service = await startService({
    deployment,
    bundles,
    database,
    tablesFor: meter.urlFor,
    environment: {
      PG_URL: `${outside.url}/pg`,
      DATA_PLATFORM_URL: `${outside.url}/data-platform`,
      NOTIFICATIONS_URL: `${outside.url}/notifications`,
      // The read at initialization belongs to an environment, not to a payment.
      INIT_READ: '',
    },
    environments: () => 1,
    ...(batchMs !== undefined && { streamWindowMs: batchMs }),
    onInvocation: (folder, result) => observations.invocations.push({ folder, result }),
    count: (what, name) => observations.billedItems.push({ what, name }),
  });

  const pay = (
    order: Order,
    key: string,
    { paymentMethod, isConfirmed, isOrderSent, balanceAmount = balancePart }: PaymentKind,
  ) =>
    service.invoke(
      'accept-payment',
      apiGatewayEvent({
        method: 'POST',
        path: '/payments',
        buyer: order.userId,
        key,
        body: {
          orderId: order.orderId,
          balanceAmount,
          ...(!isConfirmed && { paymentMethod }),
          ...(isOrderSent && { order }),
        },
      }),
    ) as Promise<HttpResult>;

  const confirm = (buyer: string, paymentId: string, { paymentMethod }: PaymentKind) =>
    service.invoke(
      'confirm-payment',
      apiGatewayEvent({
        method: 'POST',
        path: `/payments/${paymentId}/confirm`,
        buyer,
        key: randomUUID(),
        body: { paymentMethod },
      }),
    ) as Promise<HttpResult>;

  const paymentsOf = async (orders: readonly Order[]) => {
    const payments = await scanAll<Pick<Payment, 'paymentId' | 'orderId' | 'status'>>(
      db,
      'Payments',
      ['paymentId', 'orderId', 'status'],
    );
    const byOrder = new Map(payments.map((payment) => [payment.orderId, payment]));

    return orders.map(({ orderId, userId }) => ({ userId, ...byOrder.get(orderId) }));
  };

  /** The counts of some payments of a kind that are sent concurrently. */
  const count = async (kind: PaymentKind, payments = 1): Promise<Counts> => {
    const { requests = 1, expectedStatus: answered, finalStatus: ends, name } = kind;
    const orders = await Promise.all(
      Array.from({ length: payments }, () => createStockedOrder(db, kind)),
    );
    await service.settled();
    observations = noObservations();

    const payAsOften = async (order: Order) => {
      const key = randomUUID();
      for (let sent = 0; sent < requests; sent += 1) {
        const { statusCode } = await pay(order, key, kind);
        expectEqual(`${name} is answered`, statusCode, answered);
      }
    };
    await Promise.all(orders.map(payAsOften));
    await service.settled();
    if (kind.isConfirmed) {
      for (const { userId, paymentId = '' } of await paymentsOf(orders)) {
        const { statusCode } = await confirm(userId, paymentId, kind);
        expectEqual(`${name} is confirmed`, statusCode, answered);
      }
      await service.settled();
    }
    for (const { status } of await paymentsOf(orders)) expectEqual(`${name} ends`, status, ends);
    expectEqual(`${name} loses`, service.lost.join(), '');

    return countsOf(observations);
  };

  return {
    count,
    close: async () => {
      await service.close();
      await meter.close();
      await outside.close();
    },
  };
};

export type Counter = Awaited<ReturnType<typeof openCounter>>;

/** The deployment with queues that wait for a batch to fill. */
const filling = (deployment: Deployment, windowMs: number): Deployment => ({
  ...deployment,
  consumers: deployment.consumers.map((one) => ({ ...one, windowMs })),
});

/** Throws if the payment did not go as its kind describes. */
const expectEqual = <T>(what: string, found: T, expected: T): void => {
  if (found !== expected) throw new Error(`${what} ${found}, not ${expected}.`);
};

const countingGateway =
  (pg: PlainServer, observations: () => Observations): PlainServer =>
  (request) => {
    observations().pgCalls += 1;

    return pg(request);
  };

const plenty = 1_000_000;

/** Creates an order of this kind, with its own buyer and products. */
const createStockedOrder = async (
  db: ReturnType<typeof createClient>,
  { lines, available = plenty, stock = plenty, discount = 0 }: PaymentKind,
): Promise<Order> => {
  const run = randomUUID().slice(0, 8);
  const userId = `buyer-${run}`;
  const priced = lines.map(({ sku, quantity }) => ({ sku: `${sku}-${run}`, quantity, unitPrice }));
  const couponId = `coupon-${run}`;
  const order = anOrder({ userId, lines: priced, discount, ...(discount > 0 && { couponId }) });
  const put = (TableName: string, Item: object) => db.send(new PutCommand({ TableName, Item }));
  await put('Balances', aBalance({ userId, available }));
  for (const { sku } of priced) {
    await put('Products', aProduct({ sku, unitPrice, available: stock }));
  }
  await put('Orders', order);

  return order;
};
