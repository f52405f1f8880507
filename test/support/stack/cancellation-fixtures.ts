import { type AcceptedPayment, api } from './api-client.ts';
import { pg } from './external-systems.ts';
import { storedPayment } from './repositories.ts';
import { anOrder, aProduct, orderOf, stock, wallets } from './stack-fixtures.ts';

/** A payment of two units for 4000, of which the balance pays 1000, and the sku. */
export const aPaymentOfTwoUnits = async (paymentMethod: string) => {
  const sku = await aProduct({ price: 2_000, available: 10 });
  const order = await anOrder({ lines: [{ sku, quantity: 2 }] });

  return { ...(await api.accepted(order, { paymentMethod, balanceAmount: 1_000 })), sku };
};

/** The end state of a payment in every table and at the gateway. */
export const endStateOf = async ({
  paymentId,
  orderId,
  buyer,
  sku,
}: AcceptedPayment & { sku: string }) => {
  const { charges, refunds } = await pg.chargesOf(paymentId);
  const { available, held, spent } = await wallets.of(buyer);

  return {
    payment: (await storedPayment(paymentId)).status,
    order: (await orderOf(orderId)).status,
    money: { available, held, spent },
    stock: (await stock.of(sku)).available,
    captured: charges.map(({ amount }) => amount),
    refunded: refunds.map(({ amount }) => amount),
  };
};

const allReturned = { money: { available: 10_000, held: 0, spent: 0 }, stock: 10 };

/** Compensated, nothing captured. */
export const compensatedEnd = {
  ...allReturned,
  payment: 'COMPENSATED',
  order: 'CANCELLED',
  captured: [],
  refunded: [],
};

/** Captured and fully refunded. */
export const refundedEnd = {
  ...allReturned,
  payment: 'COMPLETED',
  order: 'REFUNDED',
  captured: [3_000],
  refunded: [3_000],
};

/** Captured and kept: no cancellation, or a late one. */
export const completedEnd = {
  payment: 'COMPLETED',
  order: 'COMPLETED',
  money: { available: 9_000, held: 0, spent: 1_000 },
  stock: 8,
  captured: [3_000],
  refunded: [],
};
