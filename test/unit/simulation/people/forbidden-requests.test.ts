import { describe, expect, it } from 'vitest';
import { isOperatorRoute, routes } from '../../../../shared/http/routes.ts';
import { sendForbiddenRequests } from '../../../simulation/people/forbidden-requests.ts';
import type { Shop } from '../../../simulation/people/shop.ts';
import { anAnswer } from '../checks/run-builder.ts';
import { createFakeShop } from './fake-shop.ts';

const payRequest = {
  method: 'POST',
  path: '/payments',
  buyer: 'alice',
  key: 'key-1',
  body: { orderId: 'ord_1', paymentMethod: 'sim_approve' },
} as const;
const answers = [anAnswer(payRequest, 409, {}), anAnswer({ ...payRequest, key: 'key-2' }, 202, {})];
const signed = {
  method: 'POST',
  path: '/webhooks/pg',
  headers: { sign: 's' },
  body: '{}',
} as const;

const requestsAt = async (adapter: 'simulator' | 'toss', given: Partial<Shop['run']> = {}) => {
  const { shop, requests, settle } = createFakeShop({
    gateway: { adapter, references: () => ['pay_1', 'pay_2'] },
  });
  const webhookOf = (reference: string) => (reference === 'pay_2' ? signed : undefined);
  shop.start('mallory', () =>
    sendForbiddenRequests({ ...shop, webhookOf, run: { ...shop.run, answers, ...given } }),
  );
  await settle();

  return requests.map(({ request }) => request);
};

describe('sendForbiddenRequests', () => {
  it('requests each operator route with a token without scopes', async () => {
    const requests = (await requestsAt('simulator')).filter(({ path }) =>
      path.startsWith('/operator/'),
    );

    expect(requests).toHaveLength(routes.filter(isOperatorRoute).length);
    expect(requests.filter(({ buyer, scope }) => !buyer || scope !== undefined)).toEqual([]);
  });

  it('sends a webhook with a changed body under the signature of the gateway', async () => {
    expect(await requestsAt('simulator')).toContainEqual({ ...signed, body: '{} ' });
  });

  it('sends no webhook of Toss, which does not sign', async () => {
    const paths = (await requestsAt('toss')).map(({ path }) => path);

    expect(paths).not.toContain('/webhooks/pg');
  });

  it("sends another buyer's accepted payment with the same key", async () => {
    expect(await requestsAt('simulator')).toContainEqual({
      ...payRequest,
      key: 'key-2',
      buyer: 'mallory',
    });
  });

  it('sends no payment if none was accepted', async () => {
    const paths = (await requestsAt('simulator', { answers: [] })).map(({ path }) => path);

    expect(paths).not.toContain('/payments');
  });
});
