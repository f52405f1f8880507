import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createAcceptPaymentSchema } from '../../../functions/accept-payment/request.ts';
import { redriveSchema } from '../../../functions/redrive-dead-letters/request.ts';
import { handler as refuseRoute } from '../../../functions/reject-unknown-route/index.ts';
import { refundPaymentSchema } from '../../../functions/request-refund/request.ts';
import { resolveReviewSchema } from '../../../functions/resolve-review/request.ts';
import { tokenFormatFromEnv, tokenFormats } from '../../../shared/gateway/token-format.ts';
import { httpHandler } from '../../../shared/http/http-handler.ts';
import { parseBody, parsePathParameter, parseQuery } from '../../../shared/http/request.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { apiGatewayEvent } from '../../support/builders/api-gateway-event.ts';
import { call, invokeHandler, orderRequest } from '../../support/harness/invoke-handler.ts';

const card = '4242 4242 4242 4242';
const plain = card.replaceAll(' ', '');

/** Expects a rejection that neither returns nor logs the number. */
const expectRejection = async (
  send: () => ReturnType<typeof invokeHandler>,
  errors?: readonly object[],
) => {
  const logged = (['info', 'warn', 'error'] as const).map((level) => vi.spyOn(logger, level));
  const response = await send();

  expect(response).toMatchObject({ status: 422, body: { code: 'card-number-refused' } });
  if (errors) expect(response.body?.errors).toMatchObject(errors);
  expect(JSON.stringify([response, logged.map(({ mock }) => mock.calls)])).not.toMatch(
    /4242.{0,3}4242/,
  );
};

const echo = (schema: z.ZodType) =>
  httpHandler(async (event) => ({ status: 200, body: parseBody(schema, event) as object }));

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const acceptPaymentSchema = createAcceptPaymentSchema(tokenFormats.simulator);
const payment = { orderId: 'ord_1', paymentMethod: 'sim_approve' };
const redrive = { consumer: 'notify-buyer', action: 'delete', reason: 'ticket 4711' };

describe('card number in a body', () => {
  it.each<[string, z.ZodType, object, string]>([
    [
      'a payment method',
      acceptPaymentSchema,
      { ...payment, paymentMethod: card },
      '/paymentMethod',
    ],
    [
      'a token',
      acceptPaymentSchema,
      { ...payment, paymentMethod: `sim_${plain}` },
      '/paymentMethod',
    ],
    ['an order', acceptPaymentSchema, { ...payment, orderId: plain }, '/orderId'],
    [
      'a reason of a refund',
      refundPaymentSchema,
      { amount: 1, reason: `Pay ${card} back` },
      '/reason',
    ],
    [
      'a reason of a decision',
      resolveReviewSchema,
      { decision: 'failed', reason: card },
      '/reason',
    ],
    ['a reason of a redrive', redriveSchema, { ...redrive, reason: card }, '/reason'],
    ['a payment of a redrive', redriveSchema, { ...redrive, paymentId: plain }, '/paymentId'],
    ['a field that is not known', acceptPaymentSchema, { ...payment, note: card }, '/note'],
    [
      'full-width digits',
      acceptPaymentSchema,
      { ...payment, orderId: '４２４２'.repeat(4) },
      '/orderId',
    ],
  ])('is rejected and not repeated in the response: %s', async (_what, schema, body, pointer) => {
    await expectRejection(() => call(echo(schema), { ...orderRequest, body }), [{ pointer }]);
  });

  it('is rejected as a field name and below it', async () => {
    const send = () =>
      call(echo(acceptPaymentSchema), { ...orderRequest, body: { [plain]: { [card]: card } } });

    await expectRejection(send);
    expect((await send()).body).not.toHaveProperty('errors');
  });

  it('is rejected in escaped form', async () => {
    const body = JSON.stringify({ ...payment, paymentMethod: card }).replace('4242', '\\u0034242');

    await expectRejection(() => call(echo(acceptPaymentSchema), { ...orderRequest, body }));
  });
});

describe('card number in a path or query', () => {
  const path = httpHandler(async (event) => ({
    status: 200,
    body: { paymentId: parsePathParameter(event, 'paymentId') },
  }));

  it.each([plain, encodeURIComponent(card)])('is rejected in a path: %s', async (part) => {
    const request = { method: 'GET', path: `/payments/${part}`, buyer: 'alice' } as const;

    await expectRejection(() => call(path, request));
    expect((await call(path, request)).body.instance).toBe('/payments/{paymentId}');
  });

  it('is rejected in a query', async () => {
    const list = httpHandler(async (event) => ({
      status: 200,
      body: parseQuery(z.strictObject({ orderId: z.string().optional() }), event),
    }));
    const request = { method: 'GET', path: '/payments', buyer: 'alice' } as const;

    await expectRejection(() => call(list, { ...request, query: { orderId: card } }));
    await expectRejection(() => call(list, { ...request, query: { [plain]: 1 } }));
  });

  it('is not repeated for an unknown path', async () => {
    const event = apiGatewayEvent({ method: 'GET', path: '/health' });
    const response = await invokeHandler(refuseRoute, {
      ...event,
      rawPath: `/cards/${plain}`,
      routeKey: '$default',
    });

    expect(response).toMatchObject({ status: 404, body: { instance: '/' } });
    expect(JSON.stringify(response)).not.toContain('4242');
  });
});

describe('a payment method', () => {
  const send = (paymentMethod: string, adapter?: string) => {
    if (adapter !== undefined) vi.stubEnv('PG_ADAPTER', adapter);

    return call(echo(createAcceptPaymentSchema(tokenFormatFromEnv())), {
      ...orderRequest,
      body: { ...payment, paymentMethod },
    });
  };

  it.each([
    [undefined, 'sim_approve'],
    ['simulator', 'sim_decline_late_approve'],
    ['stripe', 'pm_card_visa'],
    ['stripe', 'pm_1OaBcD2eZvKYlo2C4sQmxJ3h'],
    ['toss', 'tgen_20240118161634AXjS8'],
    ['toss', '5EnNZRJGvaBX7zk2yd8ydw26XvwXkLrx9POLqKQjmAw4b0e1'],
    ['toss', 'a'.repeat(200)],
    ['stripe', `pm_${'a'.repeat(297)}`],
  ])('accepts a token of %s: %s', async (adapter, token) => {
    expect(await send(token, adapter)).toMatchObject({ status: 200 });
  });

  it.each([
    ['simulator', 'pm_card_visa'],
    ['simulator', 'card ending in 4242'],
    ['stripe', 'sim_approve'],
    ['stripe', '4242424242424241'],
    ['stripe', `pm_${'a'.repeat(298)}`],
    ['toss', 'a key'],
    ['toss', 'a'.repeat(201)],
  ])('rejects for %s: %j', async (adapter, token) => {
    expect(await send(token, adapter)).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ pointer: '/paymentMethod' }] },
    });
  });
});
