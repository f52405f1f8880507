import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { httpHandler } from '../../../shared/http/http-handler.ts';
import {
  buyerOf,
  idempotencyKeyOf,
  operatorOf,
  parsePathParameter,
  parseQuery,
} from '../../../shared/http/request.ts';
import { apiGatewayEvent } from '../../support/builders/api-gateway-event.ts';
import { call, invokeHandler, orderRequest } from '../../support/harness/invoke-handler.ts';

const echoKey = httpHandler(async (event) => ({
  status: 200,
  body: { key: idempotencyKeyOf(event) },
}));

describe('an Idempotency-Key', () => {
  it.each(['k', '~', '!', 'a'.repeat(255), '"0f3a,1"'])('may be %j', async (key) => {
    expect(await call(echoKey, { ...orderRequest, key })).toMatchObject({
      status: 200,
      body: { key },
    });
  });

  it('is asked for', async () => {
    const { key: _, ...keyless } = orderRequest;

    for (const request of [keyless, { ...orderRequest, key: '' }]) {
      expect(await call(echoKey, request)).toMatchObject({
        status: 400,
        body: { code: 'idempotency-key-missing' },
      });
    }
  });

  it.each([
    'a'.repeat(256),
    'a'.repeat(300),
    'a b',
    ' ',
    'a\tb',
    'a\n',
    'a\u0000',
    'a\u007f',
    'é',
    '열쇠',
  ])('is refused as %j', async (key) => {
    expect(await call(echoKey, { ...orderRequest, key })).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-invalid' },
    });
  });
});

describe('path and query', () => {
  const read = httpHandler(async (event) => ({
    status: 200,
    body: { paymentId: parsePathParameter(event, 'paymentId') },
  }));
  const list = httpHandler(async (event) => ({
    status: 200,
    body: parseQuery(z.strictObject({ limit: z.string().max(2).optional() }), event),
  }));

  it('gives the parameter of the path', async () => {
    const request = { method: 'GET', path: '/payments/pay_1', buyer: 'alice' } as const;

    expect(await call(read, request)).toMatchObject({ status: 200, body: { paymentId: 'pay_1' } });
  });

  it('refuses a path parameter that no table could hold as a key', async () => {
    const path = `/payments/${'a'.repeat(3_000)}`;

    expect(await call(read, { method: 'GET', path, buyer: 'alice' })).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'paymentId' }] },
    });
  });

  it('refuses a path parameter that is not well-formed Unicode', async () => {
    const event = apiGatewayEvent({ method: 'GET', path: '/payments/pay_1', buyer: 'alice' });

    for (const paymentId of ['pay_\ud83d', 'pay_\ufffd']) {
      expect(await invokeHandler(read, { ...event, pathParameters: { paymentId } })).toMatchObject({
        status: 400,
        body: { code: 'invalid-request', errors: [{ parameter: 'paymentId' }] },
      });
    }
  });

  it('refuses a query that is not well-formed Unicode, in a name or a value', async () => {
    const event = apiGatewayEvent({ method: 'GET', path: '/payments', buyer: 'alice' });

    for (const [name, value] of [
      ['limit', '\ud83d'],
      ['limit', '\ufffd'],
      ['\udc00', '1'],
    ] as const) {
      expect(
        await invokeHandler(list, { ...event, queryStringParameters: { [name]: value } }),
      ).toMatchObject({
        status: 400,
        body: { code: 'invalid-request', errors: [{ parameter: name.toWellFormed() }] },
      });
    }
  });

  it('names each parameter of the query that is wrong or unknown', async () => {
    const request = { method: 'GET', path: '/payments', buyer: 'alice' } as const;

    expect(await call(list, request)).toMatchObject({ status: 200, body: {} });
    expect(await call(list, { ...request, query: { limit: 100, page: 2 } })).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'limit' }, { parameter: 'page' }] },
    });
  });
});

describe('the buyer', () => {
  const whoAmI = httpHandler(async (event) => ({ status: 200, body: { buyer: buyerOf(event) } }));

  it('is the sub of the token', async () => {
    expect(await call(whoAmI, orderRequest)).toMatchObject({ body: { buyer: 'alice' } });
  });

  it.each(['', 'alice\ud83d'])('is never nobody: %j', async (buyer) => {
    expect(await call(whoAmI, { ...orderRequest, buyer })).toMatchObject({
      status: 401,
      body: { code: 'unauthorized' },
    });
  });
});

describe('the operator', () => {
  const whoAmI = httpHandler(async (event) => ({
    status: 200,
    body: { operator: operatorOf(event) },
  }));

  it.each(['aftercommit/operator', 'openid aftercommit/operator email'])(
    'is the sub of a token with the scope among %j',
    async (scope) => {
      expect(await call(whoAmI, { ...orderRequest, scope })).toMatchObject({
        body: { operator: 'alice' },
      });
    },
  );

  it('is known by a list of scopes as well', async () => {
    const event = apiGatewayEvent(orderRequest);
    event.requestContext.authorizer.jwt.claims.scp = '[openid aftercommit/operator]';

    expect(await invokeHandler(whoAmI, event)).toMatchObject({ body: { operator: 'alice' } });
  });

  it.each([undefined, '', 'aftercommit', 'aftercommit/operators', 'x-aftercommit/operator'])(
    'is nobody with %j',
    async (scope) => {
      const request = { ...orderRequest, ...(scope !== undefined && { scope }) };

      expect(await call(whoAmI, request)).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
    },
  );
});
