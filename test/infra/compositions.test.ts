import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  composeFunction,
  compositions,
  type FunctionFolder,
} from '../../dev/simulation/compositions.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { replayPaymentEvent } from '../../shared/domain/payments/payment-events.ts';
import { paymentGatewayFromEnv } from '../../shared/gateway/gateway-from-env.ts';
import { aBalance, aPayment, aProduct, noon } from '../support/builders/builders.ts';
import { afterTransitions } from '../support/builders/payment-history.ts';
import { createGatewayModel } from '../support/fakes/gateway-model.ts';
import {
  createProcess,
  deployment,
  deployments,
  environmentOf,
  queueEventOf,
} from './composed-process.ts';

afterEach(() => vi.unstubAllEnvs());

describe('composition table', () => {
  const { platform } = createProcess();

  it('has every function of the sandbox', () => {
    expect(deployment.functions.map(({ folder }) => folder).sort()).toEqual(
      Object.keys(compositions).sort(),
    );
  });

  it.each([
    ['sandbox', 'simulator'],
    ['production', 'stripe'],
  ] as const)('needs no variable that CDK does not set: %s with %s', (stage, adapter) => {
    vi.stubEnv('PG_ADAPTER', adapter);
    const openGateway = paymentGatewayFromEnv;
    const composed = deployments[stage].functions.map(({ folder, environment }) =>
      composeFunction(folder as FunctionFolder, { ...platform, openGateway, environment }),
    );

    expect(composed.length).toBeGreaterThan(30);
  });

  it('throws an error that names all missing variables', () => {
    const environment = { TIMINGS: 'local' };

    expect(() => composeFunction('charge-payment', { ...platform, environment })).toThrow(
      'Set the environment variables ORDERS_TABLE, PAYMENTS_TABLE, BALANCES_TABLE, PRODUCTS_TABLE.',
    );
  });

  it('takes a payment from its order to COMPLETED in one process', async () => {
    const { tables, request, relay, invoke } = createProcess();
    const { BALANCES_TABLE = '', PRODUCTS_TABLE = '' } = environmentOf('accept-payment');
    tables.put(BALANCES_TABLE, aBalance({ userId: 'alice', available: 10_000 }));
    tables.put(PRODUCTS_TABLE, aProduct({ sku: 'tea', unitPrice: 2_500, available: 3 }));

    const order = await request('create-order', {
      method: 'POST',
      path: '/orders',
      key: 'order-1',
      body: { lines: [{ sku: 'tea', quantity: 2 }] },
    });
    const accepted = await request('accept-payment', {
      method: 'POST',
      path: '/payments',
      key: 'payment-1',
      body: { orderId: order.body.orderId, paymentMethod: 'sim_approve' },
    });
    const [reserved] = await relay();
    await invoke('charge-payment', queueEventOf(reserved?.DetailType, reserved?.Detail));
    const completed = await request('get-payment', {
      method: 'GET',
      path: `/payments/${accepted.body.paymentId}`,
    });

    expect([order.status, accepted.status, completed.status]).toEqual([201, 202, 200]);
    expect(reserved?.DetailType).toBe('PaymentReserved');
    expect(completed.body).toMatchObject({ status: 'COMPLETED', amount: 5_000 });
    // A day, as `orderLifetimeMinutes` says by default.
    expect(order.body.expiresAt).toBe(new Date(noon.getTime() + 86_400_000).toISOString());
    expect(tables.items<Payment>('Payments')).toHaveLength(1);
    expect((await relay()).map(({ DetailType }) => DetailType)).toEqual(['PaymentCompleted']);
  });
});

describe('composed consumer', () => {
  const reserved = aPayment();
  const unknown = {
    ...afterTransitions(reserved, 'claimed', 'outcomeUnknown'),
    dueAt: noon.toISOString(),
  };

  it.each([
    ['charge-payment', reserved, 'PaymentReserved', 1],
    ['inquire-payment', unknown, 'PaymentOutcomeUnknown', 2],
  ] as const)(
    '%s lets one of two copies wait that run at the same time',
    async (folder, payment, of, calls) => {
      const called = Promise.withResolvers<void>();
      const answered = Promise.withResolvers<void>();
      let callCount = 0;
      const answer = async () => {
        callCount += 1;
        called.resolve();
        if (callCount === 2) answered.resolve();
        await answered.promise;

        return { outcome: 'ambiguous', reason: 'timeout' } as const;
      };
      const { gateway } = createGatewayModel(() => 'answered');
      const { tables, queues, invoke } = createProcess({
        openGateway: () => ({ ...gateway, charge: answer, inquire: answer }),
      });
      const { PAYMENTS_TABLE = '', QUEUE_URL = '' } = environmentOf(folder);
      tables.put(PAYMENTS_TABLE, payment);
      const { name, ...envelope } = replayPaymentEvent(payment, of);
      const message = queueEventOf(name, JSON.stringify(envelope));

      const first = invoke(folder, message);
      await called.promise;
      const second = invoke(folder, message).finally(answered.resolve);

      expect(await Promise.all([first, second])).toEqual([
        { batchItemFailures: [] },
        { batchItemFailures: [] },
      ]);
      expect(callCount).toBe(calls);
      expect(queues.visibleMessages(QUEUE_URL)).toHaveLength(1);
    },
  );
});

it('a composed webhook receiver requests one inquiry for each webhook about a payment', async () => {
  const payment = afterTransitions(aPayment(), 'claimed');
  const { tables, queues, request } = createProcess({
    openWebhookReader:
      () =>
      async ({ headers }) => ({ id: `${headers['webhook-id']}`, reference: payment.paymentId }),
  });
  const { PAYMENTS_TABLE = '', INQUIRY_QUEUE_URL = '' } = environmentOf('receive-webhook');
  tables.put(PAYMENTS_TABLE, payment);

  for (const id of ['first', 'second', 'first']) {
    await request('receive-webhook', {
      method: 'POST',
      path: '/webhooks/pg',
      headers: { 'webhook-id': id },
      body: {},
    });
  }

  expect(queues.visibleMessages(INQUIRY_QUEUE_URL)).toHaveLength(2);
});
