import { describe, expect, it } from 'vitest';
import { prove } from '../../../../shared/application/reconciliation/reconcile.ts';
import { type Books, base, holding, moneyIn, paid } from '../../domain/reconciliation/harness.ts';

/** The books as each reading in turn finds them: histories, counters, histories, and so on; the last ones for ever. */
const reading = (...seen: readonly Books[]) => {
  let readings = 0;
  const next = async () => {
    const books = seen[Math.min(readings, seen.length - 1)] as Books;
    readings += 1;

    return books;
  };
  const proof = prove({ histories: next, counters: next, mostRounds: 3 });

  return proof.then((found) => ({ ...found, readings }));
};

const oneMore: Books = { ...paid, balances: [{ ...moneyIn(0, 2_000), available: 8_001 }] };

describe('the proof of the books', () => {
  it('is given by three readings where nothing moves and everything agrees', async () => {
    expect(await reading(paid)).toMatchObject({
      isProved: true,
      disagreements: [],
      unsettled: [],
      readings: 3,
      counts: { payments: 1, orders: 1, balances: 1, charges: 1, undone: 0 },
    });
  });

  it('takes as wrong what is found wrong twice', async () => {
    expect(await reading(oneMore)).toMatchObject({
      isProved: false,
      disagreements: [{ kind: 'buyer', id: 'ann', by: 1 }],
      unsettled: [],
      readings: 5,
    });
  });

  it('takes nothing as wrong that is right when it is looked at again', async () => {
    const half = { ...paid, balances: holding().balances };

    expect(await reading(paid, half, paid)).toMatchObject({ isProved: true, readings: 5 });
  });

  it('takes nothing as wrong that is wrong in another way each time, and says that it was not judged', async () => {
    const more = [1, 2, 3].map((by) => ({
      ...paid,
      balances: [{ ...moneyIn(0, 2_000), available: 8_000 + by }],
    }));

    expect(
      await reading(paid, more[0] as Books, paid, more[1] as Books, paid, more[2] as Books, paid),
    ).toMatchObject({
      isProved: false,
      disagreements: [],
      unsettled: [{ kind: 'buyer', id: 'ann' }],
    });
  });

  it('judges what moved when it stands still', async () => {
    expect(await reading(holding(), paid)).toMatchObject({ isProved: true, readings: 5 });
  });

  it('says what never stood still, and judges the rest', async () => {
    const stages = [base, holding(), holding('claimed'), paid];
    const turns = stages.flatMap((books) => [books, books]);

    const found = await reading(...turns.slice(1));

    expect(found).toMatchObject({ isProved: false, disagreements: [], readings: 7 });
    expect(found.unsettled.map(({ kind }) => kind)).toEqual([
      'buyer',
      'product',
      'order',
      'payment',
    ]);
  });

  it('says what is open as the last reading finds it', async () => {
    expect(await reading(paid, holding('claimed'))).toMatchObject({
      open: [{ paymentId: 'pay_1', status: 'CHARGING' }],
    });
  });
});
