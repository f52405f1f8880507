import { expect } from 'vitest';
import { eventually } from '../eventually.ts';
import { api } from './api-client.ts';
import { nextActionOf, shopPage } from './buyer-pages.ts';
import { endStateOf } from './cancellation-fixtures.ts';
import { anOrder, aProduct } from './stack-fixtures.ts';

type Input = NonNullable<Parameters<typeof api.accepted>[1]>;
type EndState = Awaited<ReturnType<typeof endStateOf>>;

/** A payment of four units for 12,000, of which the balance pays 5,000 of 10,000, and the sku. */
export const aPaymentOfBothTenders = async (input: Input) => {
  const sku = await aProduct({ price: 3_000, available: 10 });
  const order = await anOrder({ lines: [{ sku, quantity: 4 }] });

  return { ...(await api.accepted(order, { balanceAmount: 5_000, ...input })), sku };
};

/** Such a payment that waits for its first payment method, and the address of the gateway's window. */
export const aPaymentWithoutMethod = async () => {
  const payment = await aPaymentOfBothTenders({ paymentMethod: null, returnUrl: shopPage });
  const { url } = await nextActionOf(payment, { type: 'provide-payment-method' });

  return { ...payment, url };
};

/** Such a payment whose charge waits for its buyer, and the address of the buyer's page. */
export const aChallengedPayment = async (paymentMethod = 'sim_challenge') => {
  const payment = await aPaymentOfBothTenders({ paymentMethod, returnUrl: shopPage });
  const { url } = await nextActionOf(payment, { type: 'redirect' });

  return { ...payment, url };
};

/** The end of such a payment: what each tender has paid. */
export const paidEnd: EndState = {
  payment: 'COMPLETED',
  order: 'COMPLETED',
  money: { available: 5_000, held: 0, spent: 5_000 },
  stock: 6,
  captured: [7_000],
  refunded: [],
};

/** Everything is back, and the gateway has nothing. */
export const returnedEnd: EndState = {
  payment: 'COMPENSATED',
  order: 'CANCELLED',
  money: { available: 10_000, held: 0, spent: 0 },
  stock: 10,
  captured: [],
  refunded: [],
};

/** Captured late, and refunded by the gateway. */
export const reversedEnd: EndState = {
  ...returnedEnd,
  payment: 'REVERSED',
  captured: [7_000],
  refunded: [7_000],
};

/** Captured, and refunded because of a cancellation. */
export const refundedEnd: EndState = { ...reversedEnd, payment: 'COMPLETED', order: 'REFUNDED' };

/** Waits for the end of a payment in every table and at the gateway. */
export const waitForEnd = (
  payment: Parameters<typeof endStateOf>[0],
  end: EndState,
  options?: Parameters<typeof eventually>[1],
) => eventually(async () => expect(await endStateOf(payment)).toEqual(end), options);
