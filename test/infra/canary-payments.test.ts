import { describe, expect, it } from 'vitest';
import { hasCanaryPayments } from '../../cdk/canary-payments.ts';
import { parseSettings } from '../../cdk/settings.ts';
import { stages } from '../../cdk/stages.ts';
import { canarySku } from '../../shared/domain/canary.ts';
import type { Order } from '../../shared/domain/orders/order.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import { noon } from '../support/builders/builders.ts';
import { aStreamRecord } from '../support/builders/stream-records.ts';
import { toList, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';
import { createGatewayModel } from '../support/fakes/gateway-model.ts';
import { createProcess, deployment, environmentOf, queueEventOf } from './composed-process.ts';

const { local, sandbox, production } = contexts;
const canaryIn = (context: Readonly<Record<string, string>>) =>
  synthesize(context)
    .all()
    .filter(({ name }) => /^(?:CanaryPayments|PayCanaryOrder)/.test(name));

const tick = '2026-11-23T09:10:00Z';

/** A gateway that must not be asked. */
const untouchable: PaymentGateway = {
  ...createGatewayModel(() => 'answered').gateway,
  charge: async () => {
    throw new Error('The gateway got a charge.');
  },
};

const consumerOf: Readonly<Record<string, 'charge-payment' | 'compensate-payment'>> = {
  PaymentReserved: 'charge-payment',
  PaymentFailed: 'compensate-payment',
};

/** A service whose relay and consumers run whenever a function sleeps, until they are stopped. */
const startService = () => {
  let now = noon.getTime();
  let isRunning = true;
  const deliver = async () => {
    for (const { DetailType = '', Detail } of isRunning ? await service.relay() : []) {
      const consumer = consumerOf[DetailType];
      if (consumer) await service.invoke(consumer, queueEventOf(DetailType, Detail));
    }
  };
  const service = createProcess({
    openGateway: () => untouchable,
    clock: { now: () => new Date(now) },
    sleep: async (ms) => {
      now += ms;
      await deliver();
    },
  });

  return {
    ...service,
    deliver,
    stop: () => {
      isRunning = false;
    },
    restartAfter: (ms: number) => {
      now += ms;
      isRunning = true;
    },
    /** What is stored, by table and without the product of the canary. */
    stored: () =>
      deployment.tables.flatMap(({ TableName = '' }) =>
        service.tables
          .items<{ sku?: string; expiration?: number }>(TableName)
          .filter(({ sku }) => sku !== canarySku)
          .map((item) => ({ table: TableName, ...item })),
      ),
  };
};

const sixDays = 6 * 86_400;
/** The whole second of an expiration, by the time when the item has ended. */
const expiryAfter = (ms: number) => Math.ceil((noon.getTime() + ms) / 1_000) + sixDays;

describe('a canary order', () => {
  it('is paid through the functions of the API, without a balance and a gateway', async () => {
    const { invoke, tables } = startService();

    const result = await invoke('pay-canary-order', { tick });

    expect(result).toMatchObject({ outcome: 'succeeded' });
    expect(tables.items<Payment>('Payments')).toMatchObject([
      { userId: 'aftercommit-canary', status: 'COMPLETED', amount: 0, gatewayAmount: 0 },
    ]);
    expect(tables.items('Products')).toMatchObject([
      { sku: canarySku, available: 999_999_999, reserved: 0, sold: 1, received: 1_000_000_000 },
    ]);
    expect(tables.items('Balances')).toEqual([]);
  });

  it('is the same one if a scheduled time is delivered twice', async () => {
    const { invoke, tables } = startService();

    const first = await invoke('pay-canary-order', { tick });
    const second = await invoke('pay-canary-order', { tick });

    expect(second).toEqual(first);
    expect(tables.items('Payments')).toHaveLength(1);
    expect(tables.items('Products')).toMatchObject([{ sold: 1 }]);
  });

  it('leaves only items that expire six days after it is paid', async () => {
    const { invoke, stored } = startService();

    await invoke('pay-canary-order', { tick });

    expect(stored()).toMatchObject([
      { table: 'Orders', status: 'COMPLETED', expiration: expiryAfter(1_000) },
      { table: 'Payments', status: 'COMPLETED', expiration: expiryAfter(1_000) },
    ]);
  });

  it('is deleted without an event, and leaves nothing to recover', async () => {
    const { invoke, relay, tables, queues } = startService();
    await invoke('pay-canary-order', { tick });
    await relay();
    const [payment] = tables.items<Payment>('Payments');
    const [order] = tables.items<Order>('Orders');
    tables.deleteItem('Payments', { paymentId: payment?.paymentId });
    tables.deleteItem('Orders', { orderId: order?.orderId });

    const relayed = await invoke('relay-changes', {
      Records: [
        aStreamRecord('Orders', { before: order }),
        aStreamRecord('Payments', { before: payment }),
      ],
    });

    expect(relayed).toEqual({ batchItemFailures: [] });
    expect(await relay()).toEqual([]);
    const { UNDELIVERABLE_QUEUE_URL = '' } = environmentOf('relay-changes');
    expect(queues.visibleMessages(UNDELIVERABLE_QUEUE_URL)).toEqual([]);
    expect(await invoke('sweep-payments', { tick })).toEqual({});
  });

  it('has no expiration while its stock is reserved, and expires after its compensation', async () => {
    const { invoke, stored, stop, restartAfter, deliver } = startService();
    stop();

    const result = await invoke('pay-canary-order', { tick });

    expect(result).toMatchObject({ outcome: 'failed', reason: 'It is still PENDING.' });
    expect(stored().map(({ table, expiration }) => [table, expiration])).toEqual([
      ['Orders', undefined],
      ['Payments', undefined],
    ]);
    restartAfter(3_600_000);
    await deliver();
    await deliver();
    const ended = expiryAfter(30_000 + 3_600_000);
    expect(stored()).toMatchObject([
      { table: 'Orders', status: 'CANCELLED', expiration: ended },
      { table: 'Payments', status: 'COMPENSATED', expiration: ended },
      { table: 'Compensations', expiration: ended },
      { table: 'Compensations', expiration: ended },
      { table: 'Compensations', expiration: ended },
    ]);
  });

  it('is rejected, and expires, if its product is out of stock', async () => {
    const { invoke, tables, stored } = startService();
    await invoke('pay-canary-order', { tick });
    const [product] = tables.items<object>('Products');
    tables.put('Products', { ...product, available: 0, received: 1 });

    const result = await invoke('pay-canary-order', { tick: '2026-11-23T09:11:00Z' });

    expect(result).toMatchObject({ reason: 'POST /payments answered 409 out-of-stock' });
    expect(tables.items('Products')).toMatchObject([{ available: 0, reserved: 0, sold: 1 }]);
    expect(stored().filter(({ expiration }) => expiration === undefined)).toEqual([]);
    expect(stored()).toHaveLength(4);
  });

  it('cannot be placed by another buyer, to whom its product is unknown', async () => {
    const { invoke, request, tables } = startService();
    await invoke('pay-canary-order', { tick });
    const orders = tables.items('Orders');

    const answer = await request('create-order', {
      method: 'POST',
      path: '/orders',
      key: 'a-key',
      body: { lines: [{ sku: canarySku, quantity: 1 }] },
    });

    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'product-not-found',
        errors: [{ detail: `There is no product "${canarySku}".` }],
      },
    });
    expect(tables.items('Orders')).toEqual(orders);
  });

  it('fails, without an error of the function, if a function cannot be invoked', async () => {
    const { invoke } = createProcess({
      createInvoker: () => async () => {
        throw new Error('throttled');
      },
    });

    expect(await invoke('pay-canary-order', { tick })).toEqual({
      outcome: 'failed',
      reason: 'Error: throttled',
    });
  });
});

describe('the canary', () => {
  it('is in stages on AWS only, unless the context says off', () => {
    const isPaid = (context: Readonly<Record<string, string>>) => {
      const settings = parseSettings(context);

      return hasCanaryPayments(settings, stages[settings.stage]);
    };

    expect(canaryIn(local)).toEqual([]);
    for (const context of [sandbox, production]) {
      expect(canaryIn(context)).not.toEqual([]);
      expect(isPaid(context)).toBe(true);
      expect(isPaid({ ...context, canaryPayments: 'off' })).toBe(false);
    }
    expect(() => parseSettings({ ...local, canaryPayments: 'on' })).toThrow(
      'belongs to stages on AWS only',
    );
  });

  it('may write its own product only', () => {
    const policies = synthesize(production)
      .all('AWS::IAM::Policy')
      .filter(({ name }) => name.startsWith('PayCanaryOrderRole/'));
    const puts = policies
      .flatMap(({ properties }) => toList(valueAt(properties, 'PolicyDocument.Statement')))
      .filter((statement) => valueAt(statement, 'Action') === 'dynamodb:PutItem');

    expect(puts.map((statement) => valueAt(statement, 'Condition'))).toEqual([
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [canarySku] } },
    ]);
  });

  it('has an alarm for fewer than three paid orders of five minutes, and for none', () => {
    expect(synthesize(production).named('CanaryPayments/FailingAlarm').properties).toMatchObject({
      Metrics: [
        { Expression: 'FILL(count0, 0)' },
        {
          Id: 'count0',
          MetricStat: {
            Metric: {
              MetricName: 'CanaryPayments',
              Dimensions: [
                { Name: 'outcome', Value: 'succeeded' },
                { Name: 'service', Value: 'pay-canary-order' },
              ],
            },
            Period: 300,
            Stat: 'Sum',
          },
        },
      ],
      Threshold: 3,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('begins when all functions and rules of its orders are deployed', () => {
    const { all, named } = synthesize(production);
    const { dependsOn } = named('CanaryPayments/Schedule');

    for (const folder of ['AcceptPayment', 'ChargePayment', 'CompensatePayment', 'RestoreStock'])
      expect(dependsOn).toContain(folder);
    expect(dependsOn).toContain('AcceptPayment/Live');
    expect(dependsOn).toEqual(
      expect.arrayContaining(
        all('AWS::Events::Rule')
          .map(({ name }) => name)
          .filter((name) => name.endsWith('Consumer/Rule')),
      ),
    );
  });

  it.each(['SendToDataPlatform', 'NotifyBuyer', 'UpdateRanking', 'AddLoyaltyPoints'])(
    'sends no event to %s',
    (consumer) => {
      const rule = synthesize(production).named(`${consumer}Consumer/Rule`);

      expect(valueAt(rule.properties, 'EventPattern.detail.data.userId')).toEqual([
        { 'anything-but': ['aftercommit-canary'] },
      ]);
    },
  );
});
