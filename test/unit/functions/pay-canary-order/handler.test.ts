import { expect, it } from 'vitest';
import type { CanaryRequest, CanaryResponse } from '../../../../functions/pay-canary-order/api.ts';
import { payCanaryOrder } from '../../../../functions/pay-canary-order/handler.ts';
import { noon } from '../../../support/builders/builders.ts';

const functions = { createOrder: 'create', acceptPayment: 'accept', getPayment: 'get' };
const tick = '2026-11-23T09:10:00Z';
const createdAt = noon.toISOString();
const paidAfter = (ms: number) => ({
  status: 200,
  body: {
    status: 'COMPLETED',
    createdAt,
    updatedAt: new Date(noon.getTime() + ms).toISOString(),
  },
});

/** Runs a canary whose functions answer so; the last answer of a function is repeated. */
const runCanary = async (answers: Partial<Record<string, readonly CanaryResponse[]>> = {}) => {
  let now = noon.getTime();
  const requests: CanaryRequest[] = [];
  const replies: Record<string, readonly CanaryResponse[]> = {
    create: [{ status: 201, body: { orderId: 'ord_1', total: 0 } }],
    accept: [{ status: 202, body: { paymentId: 'pay_1' } }],
    get: [paidAfter(250)],
    ...answers,
  };
  const result = await payCanaryOrder({
    functions,
    ensureProduct: async () => {},
    call: async (request) => {
      const { functionName } = request;
      const earlier = requests.filter((one) => one.functionName === functionName).length;
      requests.push(request);
      const all = replies[functionName] ?? [];

      return all[Math.min(earlier, all.length - 1)] ?? { status: 500, body: {} };
    },
    sleep: async (ms) => {
      now += ms;
    },
    clock: { now: () => new Date(now) },
  })({ tick });

  return { result, requests, elapsedMs: now - noon.getTime() };
};

it('pays the order that create-order returned, and measures the time by the stored times', async () => {
  const { result, requests } = await runCanary({
    get: [{ status: 200, body: { status: 'PENDING' } }, paidAfter(250)],
  });

  expect(result).toEqual({ outcome: 'succeeded', paymentId: 'pay_1', tookMs: 250 });
  expect(requests.map(({ functionName, key }) => [functionName, key])).toEqual([
    ['create', `canary-${tick}`],
    ['accept', `canary-${tick}`],
    ['get', undefined],
    ['get', undefined],
  ]);
  expect(requests[1]?.body).toEqual({
    orderId: 'ord_1',
    order: { orderId: 'ord_1', total: 0 },
  });
});

it.each([
  ['the order', { create: [{ status: 503, body: { code: 'service-unavailable' } }] }, 1],
  ['the payment', { accept: [{ status: 409, body: { code: 'out-of-stock' } }] }, 2],
  ['a read', { get: [{ status: 500, body: {} }] }, 3],
])('fails if %s is rejected, and asks for nothing more', async (_what, answers, count) => {
  const { result, requests } = await runCanary(answers);

  expect(result).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(
      /^(?:POST \/orders answered 503 service-unavailable|POST \/payments answered 409 out-of-stock|GET \/payments\/pay_1 answered 500)$/,
    ),
  });
  expect(requests).toHaveLength(count);
});

it('fails after the objective if the payment is not final', async () => {
  const { result, elapsedMs } = await runCanary({
    get: [{ status: 200, body: { status: 'PENDING' } }],
  });

  expect(result).toEqual({
    outcome: 'failed',
    reason: 'It is still PENDING.',
    paymentId: 'pay_1',
  });
  expect(elapsedMs).toBe(30_000);
});

it('fails if an earlier run of the same time was paid too late', async () => {
  const { result } = await runCanary({ get: [paidAfter(30_001)] });

  expect(result).toEqual({
    outcome: 'failed',
    reason: 'It was paid after 30001 ms.',
    paymentId: 'pay_1',
  });
});
