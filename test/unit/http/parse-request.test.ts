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
import { operatorScope } from '../../../shared/http/routes.ts';
import { apiGatewayEvent } from '../../support/builders/api-gateway-event.ts';
import { call, invokeHandler, orderRequest } from '../../support/harness/invoke-handler.ts';

const echoKey = httpHandler(async (event) => ({
  status: 200,
  body: { key: idempotencyKeyOf(event) },
}));

describe('Idempotency-Key header', () => {
  it.each(['k', '~', '!', 'a'.repeat(255), '"0f3a,1"'])('accepts %j', async (key) => {
    expect(await call(echoKey, { ...orderRequest, key })).toMatchObject({
      status: 200,
      body: { key },
    });
  });

  it('rejects a request without a key', async () => {
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
  ])('rejects %j', async (key) => {
    expect(await call(echoKey, { ...orderRequest, key })).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-invalid' },
    });
  });
});

describe('parse path and query', () => {
  const read = httpHandler(async (event) => ({
    status: 200,
    body: { paymentId: parsePathParameter(event, 'paymentId') },
  }));
  const list = httpHandler(async (event) => ({
    status: 200,
    body: parseQuery(z.strictObject({ limit: z.string().max(2).optional() }), event),
  }));

  it('returns the path parameter', async () => {
    const request = { method: 'GET', path: '/payments/pay_1', buyer: 'alice' } as const;

    expect(await call(read, request)).toMatchObject({ status: 200, body: { paymentId: 'pay_1' } });
  });

  it('rejects a path parameter that is too long for a table key', async () => {
    const path = `/payments/${'a'.repeat(3_000)}`;

    expect(await call(read, { method: 'GET', path, buyer: 'alice' })).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'paymentId' }] },
    });
  });

  it('rejects a path parameter that is not well-formed Unicode', async () => {
    const event = apiGatewayEvent({ method: 'GET', path: '/payments/pay_1', buyer: 'alice' });

    for (const paymentId of ['pay_\ud83d', 'pay_\ufffd']) {
      expect(await invokeHandler(read, { ...event, pathParameters: { paymentId } })).toMatchObject({
        status: 400,
        body: { code: 'invalid-request', errors: [{ parameter: 'paymentId' }] },
      });
    }
  });

  it('rejects a query name or value that is not well-formed Unicode', async () => {
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

  it('names each invalid or unknown query parameter', async () => {
    const request = { method: 'GET', path: '/payments', buyer: 'alice' } as const;

    expect(await call(list, request)).toMatchObject({ status: 200, body: {} });
    expect(await call(list, { ...request, query: { limit: 100, page: 2 } })).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'limit' }, { parameter: 'page' }] },
    });
  });
});

describe('buyer of a request', () => {
  const whoAmI = httpHandler(async (event) => ({ status: 200, body: { buyer: buyerOf(event) } }));

  it('is the sub claim of the token', async () => {
    expect(await call(whoAmI, orderRequest)).toMatchObject({ body: { buyer: 'alice' } });
  });

  it.each(['', 'alice\ud83d'])('rejects a token with the sub claim %j', async (buyer) => {
    expect(await call(whoAmI, { ...orderRequest, buyer })).toMatchObject({
      status: 401,
      body: { code: 'unauthorized' },
    });
  });
});

describe('operator of a request', () => {
  const whoAmI = httpHandler(async (event) => ({ status: 200, body: { ...operatorOf(event) } }));
  const resolve = {
    method: 'POST',
    path: '/operator/reviews/rev_1/resolve',
    buyer: 'olivia',
  } as const;
  const read = { method: 'GET', path: '/operator/reviews/rev_1', buyer: 'olivia' } as const;

  it.each([
    ['aftercommit/operator', 'aftercommit/operator'],
    ['openid aftercommit/review email', 'aftercommit/review'],
    ['aftercommit/operator aftercommit/review', 'aftercommit/review'],
  ])('has the claims of a token with the scopes %j', async (scope, used) => {
    expect(await call(whoAmI, { ...resolve, scope })).toMatchObject({
      body: { sub: 'olivia', name: 'olivia@operators.example', scope: used },
    });
  });

  it('has the name of the token before its e-mail address, and no name without both', async () => {
    const event = apiGatewayEvent({ ...resolve, scope: operatorScope });
    const { claims } = event.requestContext.authorizer.jwt;
    claims.name = 'Olivia Ito';
    expect(await invokeHandler(whoAmI, event)).toMatchObject({ body: { name: 'Olivia Ito' } });

    claims.name = '';
    delete claims.email;
    expect((await invokeHandler(whoAmI, event)).body).toEqual({
      sub: 'olivia',
      scope: operatorScope,
    });
  });

  it('accepts the scope in a list', async () => {
    const event = apiGatewayEvent(resolve);
    event.requestContext.authorizer.jwt.claims.scp = '[openid aftercommit/operator]';

    expect(await invokeHandler(whoAmI, event)).toMatchObject({ body: { sub: 'olivia' } });
  });

  it.each([
    undefined,
    '',
    'aftercommit',
    'review',
    'aftercommit/operators',
    'x-aftercommit/operator',
    'aftercommit/support aftercommit/redrive',
  ])('rejects a token with the scope %j', async (scope) => {
    const request = { ...resolve, ...(scope !== undefined && { scope }) };

    expect(await call(whoAmI, request)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
  });

  it('reads with the scope of support, and does not act with it', async () => {
    const scope = 'aftercommit/support';

    expect(await call(whoAmI, { ...read, scope })).toMatchObject({ status: 200, body: { scope } });
    expect(await call(whoAmI, { ...read, method: 'HEAD', scope })).toMatchObject({ status: 200 });
    expect(await call(whoAmI, { ...resolve, scope })).toMatchObject({ status: 403 });
  });

  it('is rejected on a route of buyers', async () => {
    const request = { ...orderRequest, scope: 'aftercommit/operator' };

    expect(await call(whoAmI, request)).toMatchObject({ status: 403 });
  });
});
