import { describe, expect, it } from 'vitest';
import { createClient } from '../../../simulation/people/client.ts';
import { requestRefund } from '../../../simulation/people/refunds.ts';
import { Random } from '../../../simulation/virtual/random.ts';
import { acceptEverything, createFakeShop, type Respond } from './fake-shop.ts';

const body = { amount: 1, reason: 'It does not fit.' };

const ask = async (respond: Respond) => {
  const fake = createFakeShop({ respond });
  let answer: Awaited<ReturnType<typeof requestRefund>>;
  fake.shop.start('alice', async () => {
    const wanted = { paymentId: 'pay_1', buyer: 'alice', key: 'k-1', body };
    answer = await requestRefund(createClient(fake.shop, new Random('alice')), wanted);
  });
  await fake.settle();
  expect(fake.errors).toEqual([]);
  const asked = fake.requests.map(({ request: { path, buyer, scope } }) => ({
    path,
    buyer,
    scope,
  }));

  return {
    status: answer?.status,
    asked: [...new Map(asked.map((one) => [one.path, one])).values()],
  };
};

const own = { path: '/payments/pay_1/refunds', buyer: 'alice', scope: undefined };
const forbidden =
  (code: string): Respond =>
  (request) =>
    request.scope === undefined
      ? { status: code === 'refund-not-allowed' ? 403 : 409, body: { code } }
      : acceptEverything(request);

describe('requestRefund', () => {
  it("is the buyer's own where buyers may refund", async () => {
    expect(await ask(acceptEverything)).toEqual({ status: 202, asked: [own] });
  });

  it('goes to support where buyers may not refund', async () => {
    const support = {
      path: '/operator/payments/pay_1/refunds',
      buyer: 'sora',
      scope: 'aftercommit/support',
    };

    expect(await ask(forbidden('refund-not-allowed'))).toEqual({
      status: 202,
      asked: [own, support],
    });
  });

  it('does not go to support for another rejection', async () => {
    expect(await ask(forbidden('refund-exceeds-captured'))).toEqual({ status: 409, asked: [own] });
  });
});
