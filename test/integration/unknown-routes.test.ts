import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { api } from '../support/stack/api-client.ts';
import { stack } from '../support/stack/aws-clients.ts';
import { uniqueId } from '../support/stack/stack-fixtures.ts';
import { isDirectOnly, sendViaGateway } from '../support/stack/transports.ts';

it('serves the committed OpenAPI document', async () => {
  const { body } = await api.send({ method: 'GET', path: '/openapi.json' });

  expect(body).toEqual(JSON.parse(readFileSync('docs/openapi.json', 'utf8')));
});

/** Retries: functions of the local stack have few processes, which these tests do not check. */
const burst = (length: number) =>
  Promise.all(Array.from({ length }, () => sendViaGateway({ method: 'GET', path: '/health' })));

/** Registered only if the stack has an HTTP API. */
const describeGateway = (name: string, tests: () => void) => {
  if (!isDirectOnly) describe.concurrent(name, tests);
};

describeGateway('HEAD and other methods', () => {
  it('answers HEAD as GET without a body and rejects others with Allow', async () => {
    const ask = (method: string) => fetch(`${stack.apiUrl}/health`, { method });
    const [got, headed, posted] = [await ask('GET'), await ask('HEAD'), await ask('POST')];

    expect(got.status).toBe(200);
    expect(headed.status).toBe(200);
    expect(await headed.text()).toBe('');
    expect(posted.status).toBe(405);
    expect(posted.headers.get('allow')).toBe('GET, HEAD');
    expect(await posted.json()).toMatchObject({ code: 'method-not-allowed' });
  });
});

describeGateway('a burst of requests', () => {
  it('is queued and answered', async () => {
    for (const reply of await burst(40)) expect(reply).toMatchObject({ status: 200 });
  });
});

describeGateway('what no route answers', () => {
  it.each([
    ['GET', '/nowhere'],
    ['GET', '/payments/pay_1/'],
    ['GET', '/operator/nowhere'],
  ] as const)('is a problem document too, with a token or without: %s %s', async (method, path) => {
    const stranger = await sendViaGateway({ method, path });
    const buyer = await sendViaGateway({ method, path, buyer: uniqueId('buyer') });

    for (const reply of [stranger, buyer]) {
      expect(reply).toMatchObject({
        status: 404,
        headers: { 'content-type': 'application/problem+json' },
        body: { code: 'route-not-found', instance: path },
      });
    }
  });
});
