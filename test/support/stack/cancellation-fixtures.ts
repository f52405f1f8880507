import { type AcceptedPayment, api } from './api-client.ts';
import { pg } from './external-systems.ts';
import { storedPayment } from './repositories.ts';
import { anOrder, aProduct, orderOf, stock, wallets } from './stack-fixtures.ts';

/** A payment of two units, and what they are units of. */
export const aPaymentOfTwoUnits = async (paymentMethod: string) => {
  const sku = await aProduct({ price: 2_000, available: 10 });
  const order = await anOrder({ lines: [{ sku, quantity: 2 }] });

  return { ...(await api.accepted(order, { paymentMethod })), sku };
};

/** What has become of a payment, in every book that has a part in it. */
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

/** Given back before the PG captured anything. */
export const compensatedEnd = {
  ...allReturned,
  payment: 'COMPENSATED',
  order: 'CANCELLED',
  captured: [],
  refunded: [],
};

/** Captured, and refunded whole. */
export const refundedEnd = {
  ...allReturned,
  payment: 'COMPLETED',
  order: 'REFUNDED',
  captured: [4_000],
  refunded: [4_000],
};

/** Captured and kept: the cancel came too late, or never. */
export const completedEnd = {
  payment: 'COMPLETED',
  order: 'COMPLETED',
  money: { available: 6_000, held: 0, spent: 4_000 },
  stock: 8,
  captured: [4_000],
  refunded: [],
};
