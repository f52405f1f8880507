import { describe, expect, it } from 'vitest';
import { describedRoutes } from '../../../dev/docs/openapi/operations.ts';
import { rejectionExample } from '../../../shared/http/examples.ts';
import { contractViolations } from '../../support/response-contract.ts';
import type { Reply } from '../../support/stack/transports.ts';

const routeOf = (folder: string) => {
  const found = describedRoutes.find(({ route }) => route.function === folder);
  if (found === undefined) throw new Error(`${folder} has no route.`);

  return found;
};

const accept = routeOf('accept-payment');
const json = { 'content-type': 'application/json' };
const problem = { 'content-type': 'application/problem+json' };

const exampleOf = (name: string): Reply => {
  const { response: answer } = accept.operation.examples[name] ?? {};
  if (answer === undefined) throw new Error(`There is no example ${name}.`);
  const headers = Object.entries(answer.headers ?? {}).map(([key, value]) => [
    key.toLowerCase(),
    value,
  ]);

  return {
    status: answer.status,
    headers: { ...(answer.status < 300 ? json : problem), ...Object.fromEntries(headers) },
    body: answer.body as Reply['body'],
  };
};

const accepted = exampleOf('accepted');
const rejected = exampleOf('outOfStock');
const withHeaders = (reply: Reply, headers: Record<string, string>): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...headers },
});
const without = (reply: Reply, name: string): Reply => {
  const { [name]: _, ...headers } = reply.headers;

  return { ...reply, headers };
};

describe('an answer as its route describes it', () => {
  it.each(Object.keys(accept.operation.examples))('is %s', (name) => {
    expect(contractViolations(accept, exampleOf(name))).toEqual([]);
  });

  it.each([
    ['a 401 of API Gateway', { status: 401, headers: json, body: { message: 'Unauthorized' } }],
    ['a 503 of API Gateway', { status: 503, headers: {}, body: {} }],
  ])('is %s', (_what, reply) => {
    expect(contractViolations(accept, reply)).toEqual([]);
  });
});

describe('an answer that its route does not describe', () => {
  const { body } = accepted;
  const notFound = rejectionExample('/payments', { code: 'payment-not-found', detail: 'No.' });

  it.each<[string, Reply, string]>([
    ['another status', { ...accepted, status: 200 }, '200 is not described'],
    ['a body that says more', { ...accepted, body: { ...body, userId: 'alice' } }, 'userId'],
    ['a body that says less', { ...accepted, body: { ...body, amount: undefined } }, 'amount'],
    ['another type', withHeaders(accepted, { 'content-type': 'text/plain' }), 'text/plain'],
    ['no Location', without(accepted, 'location'), 'Location is missing'],
    ['an ETag', withHeaders(accepted, { etag: '"1"' }), 'ETag is not described'],
    ['a date to come back at', withHeaders(accepted, { 'retry-after': 'Mon' }), 'Retry-After is'],
    [
      'a problem of another route',
      { status: 404, headers: problem, body: notFound.body as Reply['body'] },
      'payment-not-found is not described',
    ],
    ['a problem under another status', { ...rejected, status: 402 }, 'out-of-stock is not a 402'],
    ['a problem that says more', { ...rejected, body: { ...rejected.body, stack: 'x' } }, 'stack'],
    [
      'a problem with a header of another',
      withHeaders(rejected, { 'retry-after': '1' }),
      'Retry-After is not described',
    ],
    [
      'a status that is not described',
      { status: 418, headers: json, body: {} },
      '418 is not described',
    ],
    [
      'an error that is not a problem document',
      { status: 500, headers: json, body: { error: 'x' } },
      'Unrecognized key: "error"',
    ],
  ])('is %s', (_what, reply, fault) => {
    expect(contractViolations(accept, reply).join()).toContain(fault);
  });
});
