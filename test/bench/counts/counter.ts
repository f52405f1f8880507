import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { listen } from '../../../dev/local/http-server.ts';
import { freshSimulator } from '../../../dev/local/simulator-server.ts';
import { freshReceiver } from '../../../dev/local/sinks-server.ts';
import type { Order } from '../../../shared/domain/orders/order.ts';
import { mounted, type PlainServer } from '../../../shared/simulators/plain-http.ts';
import { gatewayEvent } from '../../support/builders/api-gateway-event.ts';
import { aBalance, anOrder, aProduct } from '../../support/builders/builders.ts';
import { allOf, clientAt, createTables } from '../database/tables.ts';
import type { Result } from '../host/front.ts';
import type { Plan } from '../host/plan.ts';
import { startService } from '../host/service.ts';
import { type Counts, countsOf, type Heard, nothingHeard } from './counts.ts';
import type { Kind } from './kinds.ts';
import { openMeter } from './meter.ts';

interface CounterOptions {
  readonly plan: Plan;
  readonly bundles: Readonly<Record<string, string>>;
  /** An empty DynamoDB. */
  readonly database: string;
}

/** Plays the whole service over a metered DynamoDB, one payment at a time, and says what each cost. */
export const openCounter = async ({ plan, bundles, database }: CounterOptions) => {
  const db = clientAt(database);
  let heard = nothingHeard();
  await createTables(db, plan.tables);
  const meter = await openMeter(database, plan.tables, (trip) => heard.trips.push(trip));
  const outside = await listen(
    mounted({
      '/pg': counted(freshSimulator(), () => heard),
      '/data-platform': freshReceiver(),
      '/notifications': freshReceiver(),
    }),
  );
  const service = await startService({
    plan,
    bundles,
    database,
    tablesFor: meter.urlFor,
    environment: {
      PG_URL: `${outside.url}/pg`,
      DATA_PLATFORM_URL: `${outside.url}/data-platform`,
      NOTIFICATIONS_URL: `${outside.url}/notifications`,
    },
    environments: () => 1,
    watch: (folder, told) => heard.invocations.push({ folder, told }),
    count: (what, name) => heard.things.push({ what, name }),
  });

  const pay = ({ userId, orderId }: Order, key: string, paymentMethod: string) =>
    service.invoke(
      'accept-payment',
      gatewayEvent({
        method: 'POST',
        path: '/payments',
        buyer: userId,
        key,
        body: { orderId, paymentMethod },
      }),
    ) as Promise<Result>;

  return {
    async count(kind: Kind): Promise<Counts> {
      const { paymentMethod, requests = 1, answered, ends, name } = kind;
      const order = await stocked(db, kind);
      await service.settled();
      heard = nothingHeard();

      const key = randomUUID();
      for (let sent = 0; sent < requests; sent += 1) {
        const { statusCode } = await pay(order, key, paymentMethod);
        expectEqual(`${name} is answered`, statusCode, answered);
      }
      await service.settled();
      const payments = await allOf<{ orderId: string; status: string }>(db, 'Payments', [
        'orderId',
        'status',
      ]);
      const payment = payments.find(({ orderId }) => orderId === order.orderId);
      expectEqual(`${name} ends`, payment?.status, ends);
      expectEqual(`${name} loses`, service.lost.join(), '');

      return countsOf(heard);
    },
    close: async () => {
      await service.close();
      await meter.close();
      await outside.close();
    },
  };
};

/** What is counted must be the kind that it is said to be. */
const expectEqual = <T>(what: string, found: T, expected: T): void => {
  if (found !== expected) throw new Error(`${what} ${found}, not ${expected}.`);
};

const counted =
  (pg: PlainServer, heard: () => Heard): PlainServer =>
  (request) => {
    heard().pgCalls += 1;

    return pg(request);
  };

const unitPrice = 3_500;
const plenty = 1_000_000;

/** An order of this kind, with a buyer and goods of its own. */
const stocked = async (
  db: ReturnType<typeof clientAt>,
  { lines, available = plenty, stock = plenty, discount = 0 }: Kind,
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
