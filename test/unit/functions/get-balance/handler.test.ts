import { describe, expect, it } from 'vitest';
import { getBalance } from '../../../../functions/get-balance/handler.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { createBalanceRepository } from '../../../../shared/persistence/balance-repository.ts';
import { aBalance } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

const tables = new MemoryDynamo({ balances: ['userId'] });
const handler = httpHandler(
  getBalance({ balances: createBalanceRepository(tables.client, 'balances') }),
);
const balanceOf = (buyer: string) => call(handler, { method: 'GET', path: '/me/balance', buyer });

describe('get balance', () => {
  it("returns the four amounts of the buyer's own balance", async () => {
    tables.put(
      'balances',
      aBalance({ userId: 'alice', available: 7_500, held: 500, spent: 2_000 }),
    );

    expect(await balanceOf('alice')).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store' },
    });
    expect((await balanceOf('alice')).body).toEqual({
      currency: 'KRW',
      available: 7_500,
      held: 500,
      spent: 2_000,
      deposited: 10_000,
    });
  });

  it.each([
    ['negative', { held: -9_000 }, 'held'],
    ['a fraction', { available: 2_999.5 }, 'available'],
    ['beyond 2^53 - 1', { available: '9007199254740993' }, 'available'],
    ['beyond 2^53 - 1, as another client reads it', { spent: 9_007_199_254_740_993n }, 'spent'],
    ['text', { deposited: 'much' }, 'deposited'],
    ['missing', { spent: undefined }, 'spent'],
  ])('rejects a balance by column if a number is %s', async (_what, bad, field) => {
    tables.put('balances', { ...aBalance({ userId: 'carol' }), ...bad });

    expect(await balanceOf('carol')).toMatchObject({
      status: 409,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        code: 'balance-not-usable',
        detail: `The balance is not valid as stored: ${field}.`,
      },
    });
  });

  it('returns zeros before the first deposit', async () => {
    expect((await balanceOf('bob')).body).toEqual({
      currency: 'KRW',
      available: 0,
      held: 0,
      spent: 0,
      deposited: 0,
    });
  });
});
