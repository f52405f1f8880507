import { describe, expect, it } from 'vitest';
import { type BookedPayment, type Books, discrepancies } from '../../../dev/books.ts';

const opened: Books = {
  balances: [
    { userId: 'ann', currency: 'KRW', available: 900, held: 0, spent: 100, deposited: 1_000 },
  ],
  products: [
    {
      ...{ sku: 'tea', name: 'Tea', unitPrice: 100, currency: 'KRW' },
      ...{ available: 9, reserved: 0, sold: 1, received: 10 },
    },
  ],
};

/** The same books after money and units moved. */
const booksWith = (money: object, units: object = {}): Books => ({
  balances: opened.balances.map((balance) => ({ ...balance, ...money })),
  products: opened.products.map((product) => ({ ...product, ...units })),
});

const payment = (stage: string, captured: readonly number[]): BookedPayment => ({
  paymentId: 'pay_1',
  buyer: 'ann',
  lines: [{ sku: 'tea', quantity: 2 }],
  amount: 200,
  isAccepted: true,
  stage,
  captured,
});

const paid = booksWith({ available: 700, spent: 300 }, { available: 7, sold: 3 });
const held = booksWith({ available: 700, held: 200 }, { available: 7, reserved: 2 });

describe('the proof of the books', () => {
  it.each([
    { what: 'a completed payment', after: paid, payment: payment('COMPLETED', [200]) },
    {
      what: 'a refused one, even in review',
      after: opened,
      payment: { ...payment('IN_REVIEW', []), isAccepted: false },
    },
    { what: 'a compensated one', after: opened, payment: payment('COMPENSATED', []) },
    { what: 'an unknown one that was charged', after: held, payment: payment('UNKNOWN', [200]) },
    { what: 'an unknown one that was not', after: held, payment: payment('UNKNOWN', []) },
  ])('accepts $what', ({ after, payment }) => {
    expect(discrepancies(opened, after, [payment])).toEqual([]);
  });

  it.each([
    {
      what: 'money given back while the outcome is not known',
      after: opened,
      payment: payment('UNKNOWN', [200]),
      sentence: 'ann has 0 held, the payments make it 200.',
    },
    {
      what: 'money given back while somebody is to review it',
      after: opened,
      payment: payment('IN_REVIEW', []),
      sentence: 'ann has 0 held, the payments make it 200.',
    },
    {
      what: 'stock that was not given back',
      after: booksWith({}, { available: 7, reserved: 2 }),
      payment: payment('COMPENSATED', []),
      sentence: 'tea has 2 reserved, the payments make it 0.',
    },
    {
      what: 'money from nowhere',
      after: booksWith({ available: 800, spent: 300, deposited: 1_100 }, { available: 7, sold: 3 }),
      payment: payment('COMPLETED', [200]),
      sentence: 'ann has 1100 deposited, the payments make it 1000.',
    },
    {
      what: 'a second charge',
      after: paid,
      payment: payment('COMPLETED', [200, 200]),
      sentence: 'The PG captured [200,200] for pay_1, which is COMPLETED over 200.',
    },
    {
      what: 'a charge of what was compensated',
      after: opened,
      payment: payment('COMPENSATED', [200]),
      sentence: 'The PG captured [200] for pay_1, which is COMPENSATED over 200.',
    },
    {
      what: 'another amount at the PG',
      after: held,
      payment: payment('UNKNOWN', [201]),
      sentence: 'The PG captured [201] for pay_1, which is UNKNOWN over 200.',
    },
    {
      what: 'a buyer who vanished',
      after: { ...paid, balances: [] },
      payment: payment('COMPLETED', [200]),
      sentence: 'ann has undefined spent, the payments make it 300.',
    },
  ])('finds $what', ({ after, payment, sentence }) => {
    expect(discrepancies(opened, after, [payment])).toContain(sentence);
  });

  it('finds more spent than there was', () => {
    const overdrawn = booksWith({ available: -100, spent: 1_100 }, { available: 7, sold: 3 });

    expect(
      discrepancies(opened, overdrawn, [{ ...payment('COMPLETED', [1_000]), amount: 1_000 }]),
    ).toContain('ann has -100 available, the payments make it -100.');
  });
});
