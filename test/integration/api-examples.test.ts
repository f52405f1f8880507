import { describe, expect, it } from 'vitest';
import { describedRoutes } from '../../dev/docs/openapi/operations.ts';
import type { Example } from '../../shared/http/examples.ts';
import { isOperatorRoute, type Route } from '../../shared/http/routes.ts';
import { signedHeaders } from '../../shared/lambda/webhook-signature.ts';
import { api } from '../support/stack/api-client.ts';
import {
  type FixtureIds,
  fixtureFactories,
  withExampleIds,
  withFixtureIds,
} from '../support/stack/example-fixtures.ts';
import type { Reply } from '../support/stack/transports.ts';
import { webhookKey } from '../support/stack/webhooks.ts';

/** The examples that the local stage can answer. */
const examples = describedRoutes.flatMap(({ route, operation }) =>
  Object.entries(operation.examples)
    .filter(([, { needsSetting }]) => needsSetting === undefined)
    .map(([name, example]) => ({ name: `${route.method} ${route.path}: ${name}`, route, example })),
);

/** Sends the request of an example with the required scope. */
const sendExample = async (route: Route, example: Example, ids: FixtureIds) => {
  const { method, path, access } = route;
  const { headers = {}, query, body, path: parameters = {} } = withFixtureIds(example, ids);
  const request = {
    method,
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `${parameters[name]}`),
    headers: await signed(headers, body),
    ...(query && { query }),
    ...(body !== undefined && { body }),
  };
  if (isOperatorRoute(route)) return api.asOperator(request);

  return api.send({ ...request, ...(access === 'buyer' && { buyer: ids.buyer }) });
};

/** Replaces an ellipsis by a current webhook signature. */
const signed = async (headers: NonNullable<Example['headers']>, body: unknown) => {
  if (headers['Webhook-Signature'] !== 'v1,...') return headers;
  const sent = { id: `${headers['Webhook-Id']}`, at: new Date(), body: JSON.stringify(body) };

  return signedHeaders(sent, await webhookKey());
};

/** The documented value without the parts that differ between runs. */
const expectedShape = (value: unknown, name = ''): unknown => {
  // The number of inquiries depends on the gateway's webhooks.
  if (name === 'evidence' && Array.isArray(value)) return expect.any(Array);
  if (Array.isArray(value)) return value.map((part) => expectedShape(part));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, expectedShape(part, key)]),
    );
  }
  // It covers the ids and the expiry of the run.
  if (name === 'contentHash') return expect.stringMatching(/^[\w-]{43}$/);
  if (name === 'sinceAcceptMs' || name === 'durationMs') return expect.any(Number);
  if (name === 'traceId' || name === 'nextCursor') return expect.stringMatching(/./);
  if (typeof value !== 'string') return value;
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  // The address of the gateway's window is the stack's.
  if (value.startsWith('https://pg.example/'))
    return expect.stringContaining(value.replace('https://pg.example', ''));
  if (/txn_/.test(value)) return expect.stringMatching(value.replace(/txn_\w+/, 'txn_\\w+'));

  return value;
};

/** Without the time of the last inquiry, which depends on the gateway's webhooks. */
const withoutVolatile = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body), (name, value) =>
    name === 'lastInquiredAt' ? undefined : value,
  );

const expectAnswer = (
  { response: answer, hasSharedData: isOfEverybody }: Example,
  reply: Reply,
): void => {
  expect(reply.status, JSON.stringify(reply.body)).toBe(answer.status);
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    expect(reply.headers[name.toLowerCase()], name).toBe(value);
  }
  if (answer.body !== undefined && !isOfEverybody) {
    expect(withoutVolatile(reply.body)).toEqual(expectedShape(withoutVolatile(answer.body)));
  }
};

describe.concurrent('the documented example', () => {
  it.each(examples)('$name', async ({ route, example }) => {
    const ids = await fixtureFactories[example.fixture](api);

    const reply = await sendExample(route, example, ids);

    expectAnswer(example, withExampleIds(reply, ids));
  });
});
