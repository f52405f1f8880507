import { describe, expect, it } from 'vitest';
import { describedRoutes } from '../../dev/docs/openapi/operations.ts';
import type { Example } from '../../shared/http/examples.ts';
import type { Route } from '../../shared/http/routes.ts';
import { signedHeaders } from '../../shared/lambda/webhook-signature.ts';
import { api } from '../support/stack/api-client.ts';
import { arrange, type Cast, told, toPlay } from '../support/stack/example-fixtures.ts';
import type { Reply } from '../support/stack/transports.ts';
import { webhookKey } from '../support/stack/webhooks.ts';

const examples = describedRoutes.flatMap(({ route, operation }) =>
  Object.entries(operation.examples).map(([name, example]) => ({
    name: `${route.method} ${route.path}: ${name}`,
    route,
    example,
  })),
);

/** Sends the request of an example, as the one who may. */
const send = async ({ method, path, access }: Route, example: Example, cast: Cast) => {
  const { headers = {}, query, body, path: parameters = {} } = toPlay(example, cast);
  const request = {
    method,
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `${parameters[name]}`),
    headers: await signed(headers, body),
    ...(query && { query }),
    ...(body !== undefined && { body }),
  };
  if (access === 'operator') return api.asOperator(request);

  return api.send({ ...request, ...(access === 'buyer' && { buyer: cast.buyer }) });
};

/** An ellipsis stands for the signature that the PG would make now. */
const signed = async (headers: NonNullable<Example['headers']>, body: unknown) => {
  if (headers['Webhook-Signature'] !== 'v1,...') return headers;
  const sent = { id: `${headers['Webhook-Id']}`, at: new Date(), body: JSON.stringify(body) };

  return signedHeaders(sent, await webhookKey());
};

/** The documented value, but for what no two runs have in common. */
const like = (value: unknown, name = ''): unknown => {
  // How often the PG was asked by now is up to its webhooks.
  if (name === 'evidence' && Array.isArray(value)) return expect.any(Array);
  if (Array.isArray(value)) return value.map((part) => like(part));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, like(part, key)]));
  }
  if (name === 'sinceAcceptMs' || name === 'tookMs') return expect.any(Number);
  if (name === 'traceId' || name === 'nextCursor') return expect.stringMatching(/./);
  if (typeof value !== 'string') return value;
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  if (/txn_/.test(value)) return expect.stringMatching(value.replace(/txn_\w+/, 'txn_\\w+'));

  return value;
};

/** Without when the PG was last asked: up to its webhooks too, and absent if none has come yet. */
const steady = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body), (name, value) => (name === 'inquiredAt' ? undefined : value));

const expectAnswer = ({ answer, isOfEverybody }: Example, reply: Reply): void => {
  expect(reply.status, JSON.stringify(reply.body)).toBe(answer.status);
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    expect(reply.headers[name.toLowerCase()], name).toBe(value);
  }
  if (answer.body !== undefined && !isOfEverybody) {
    expect(steady(reply.body)).toEqual(like(steady(answer.body)));
  }
};

describe.concurrent('the documented example', () => {
  it.each(examples)('$name', async ({ route, example }) => {
    const cast = await arrange[example.given](api);

    const reply = await send(route, example, cast);

    expectAnswer(example, told(reply, cast));
  });
});
