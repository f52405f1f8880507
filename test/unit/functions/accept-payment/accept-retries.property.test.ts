import fc from 'fast-check';
import { expect, it } from 'vitest';
import { requestHashOf } from '../../../../shared/domain/ids.ts';
import type { Order } from '../../../../shared/domain/orders/order.ts';
import { balanceAmountOf } from '../../../../shared/domain/payments/tenders.ts';
import {
  type AcceptRequest,
  type CommandFate,
  createAcceptHarness,
  type Reply,
} from './harness.ts';

type AcceptHarness = ReturnType<typeof createAcceptHarness>;

const anyRequest = fc.record({
  key: fc.constantFrom('k1', 'k2'),
  orderId: fc.constantFrom('ord_0', 'ord_1'),
  balanceAmount: fc.constantFrom(2_500, 2_500, 1_000, 0, 2_501),
  paymentMethod: fc.constantFrom('sim_approve', 'sim_approve', 'sim_decline'),
});

const anyFate = fc.constantFrom<CommandFate>(
  'done',
  'done',
  'conflict',
  'not-sent',
  'response-lost',
);

it('gives one key one answer under concurrent retries, conflicts and lost responses', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.record({ available: fc.constantFrom(2_000, 3_000, 10_000), stock: fc.nat({ max: 2 }) }),
      fc.array(
        fc.record({
          request: anyRequest,
          isOrderSent: fc.boolean(),
          fates: fc.array(anyFate, { maxLength: 6 }),
        }),
        { minLength: 2, maxLength: 7 },
      ),
      async (scheduler, shop, attempts) => {
        const turn = () => scheduler.schedule(Promise.resolve());
        const harness = createAcceptHarness({ ...shop, turn });
        const placed = harness.orders();
        const sent = attempts.map(({ request, isOrderSent, fates }) => {
          const order = placed.find(({ orderId }) => orderId === request.orderId);
          const environment = harness.environment(...fates);

          return {
            request,
            here: (again: AcceptRequest) =>
              environment({ ...again, ...(isOrderSent && order && { order }) }),
          };
        });
        const concurrent = sent.map(async ({ request, here }) => ({
          request,
          reply: await here(request),
        }));
        const extraDeposit = turn().then(() => deposit(harness, 5_000));
        const [first] = await scheduler.waitFor(
          Promise.all([Promise.all(concurrent), extraDeposit]),
        );

        settleOrders(harness);
        const again = async () => {
          const replies: typeof first = [];
          for (const { request, here } of sent) {
            for (const environment of [here, harness.environment()]) {
              replies.push({ request, reply: await environment(request) });
            }
          }

          return replies;
        };
        const later = await scheduler.waitFor(again());

        for (const { request } of attempts)
          expectOneAnswer(answersTo(request, first), answersTo(request, later));
        expectOnePaymentEach(harness, attempts);
        expectLedger(harness);
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);

const deposit = ({ tables, balance }: AcceptHarness, amount: number): void => {
  const { available, deposited, ...rest } = balance();
  tables.put('Balances', {
    ...rest,
    available: available + amount,
    deposited: deposited + amount,
  });
};

/** Ends the orders before the requests are repeated. */
const settleOrders = ({ tables, orders, payments }: AcceptHarness): void => {
  for (const order of orders()) {
    const isRefused = payments().some(({ orderId }) => orderId === order.orderId);
    if (order.status === 'PAYING') tables.put('Orders', { ...order, status: 'COMPLETED' });
    else if (isRefused) tables.put('Orders', { ...order, status: 'CANCELLED' });
  }
};

const answersTo = (
  command: AcceptRequest,
  answered: readonly { request: AcceptRequest; reply: Reply }[],
): readonly Reply[] =>
  answered
    .filter((one) => requestHashOf(one.request) === requestHashOf(command))
    .map(({ reply }) => reply)
    .filter(({ status }) => status !== 503);

/** Whether the response is stored for the key. */
const isKept = ({ status, body }: Reply) =>
  status === 202 || ['insufficient-balance', 'out-of-stock'].includes(body.code);

/**
 * While the rejection of the first request is not stored yet, a concurrent one may be rejected because the
 * order is being paid under another key. An accepted request is never rejected.
 */
const expectOneAnswer = (first: readonly Reply[], later: readonly Reply[]): void => {
  const kept = [...first, ...later].filter(isKept);
  const others = [...first, ...later].filter((reply) => !isKept(reply));
  for (const { status, isReplay } of others) {
    expect([404, 409, 422]).toContain(status);
    expect(isReplay).toBe(false);
  }
  const [one] = kept;
  if (one === undefined) return;
  for (const reply of [...kept, ...later]) {
    expect(reply).toEqual({ ...one, isReplay: reply.isReplay });
  }
  expect(kept.filter(({ isReplay }) => !isReplay).length).toBeLessThanOrEqual(1);
  if (one.status === 202) expect(others).toEqual([]);
  for (const { body } of others) expect(body.code).toBe('payment-in-progress');
};

const expectOnePaymentEach = (
  { payments, orders }: AcceptHarness,
  attempts: readonly { request: AcceptRequest }[],
): void => {
  const keys = new Set(attempts.map(({ request: { key } }) => key));
  const accepted = payments().filter(({ status }) => status === 'RESERVED');

  expect(payments().length).toBeLessThanOrEqual(keys.size);
  expect(new Set(accepted.map(({ orderId }) => orderId)).size).toBe(accepted.length);
  expect(accepted.length).toBe(orders().filter(isTaken).length);
};

const isTaken = ({ status }: Order) => status === 'PAYING' || status === 'COMPLETED';

const expectLedger = ({ balance, product, payments }: AcceptHarness): void => {
  const { available, held, deposited } = balance();
  const { reserved, received, ...stock } = product();
  const accepted = payments().filter(({ status }) => status === 'RESERVED');

  expect(held).toBe(accepted.reduce((sum, payment) => sum + balanceAmountOf(payment), 0));
  expect(available + held).toBe(deposited);
  expect(reserved).toBe(accepted.length);
  expect(stock.available + reserved).toBe(received);
};
