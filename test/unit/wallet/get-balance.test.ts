import { describe, expect, it } from 'vitest';
import { getBalance } from '../../../functions/get-balance/handler.ts';
import { balancesIn } from '../../../shared/data/balances.ts';
import { httpHandler } from '../../../shared/http/boundary.ts';
import { aBalance } from '../../support/builders.ts';
import { MemoryDynamo } from '../../support/memory-dynamo.ts';
import { call } from '../http/call.ts';

const tables = new MemoryDynamo({ balances: ['userId'] });
const handler = httpHandler(getBalance({ balances: balancesIn(tables.client, 'balances') }));
const balanceOf = (buyer: string) => call(handler, { method: 'GET', path: '/me/balance', buyer });

describe('the balance', () => {
  it("is the buyer's own, in its four columns", async () => {
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

  it('is zero where nothing was ever paid in', async () => {
    expect((await balanceOf('bob')).body).toEqual({
      currency: 'KRW',
      available: 0,
      held: 0,
      spent: 0,
      deposited: 0,
    });
  });
});
