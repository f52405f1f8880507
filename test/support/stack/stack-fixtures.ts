import { randomUUID } from 'node:crypto';
import { putBalance, putCoupon, putProduct } from '../../../dev/demo/seed.ts';
import type { Coupon } from '../../../shared/domain/orders/order.ts';
import { type Api, api, type PlacedOrder } from './api-client.ts';
import { db, stack } from './aws-clients.ts';
import { addOwnId } from './own-items.ts';
import { balances, coupons, orders, products } from './repositories.ts';

const currency = 'KRW';
const { tables } = stack;

/** A new name, so that no test meets another, not even one of an earlier run. */
export const uniqueId = (prefix: string): string => addOwnId(`${prefix}-${randomUUID()}`);

/** A buyer with so much money; the answer is their user id. */
export const aBuyer = async ({ available = 10_000 } = {}): Promise<string> => {
  const userId = uniqueId('buyer');
  await putBalance(db, tables, { userId, currency, available });

  return userId;
};

/** A product with so much stock; the answer is its sku. */
export const aProduct = async ({ available = 10, price = 2_500 } = {}): Promise<string> => {
  const sku = uniqueId('sku');
  await putProduct(db, tables, { sku, name: 'Tea', unitPrice: price, currency, available });

  return sku;
};

/** A coupon of the buyer; the answer is its id. */
export const aCoupon = async ({
  buyer,
  amountOff = 500,
}: {
  buyer: string;
  amountOff?: number;
}): Promise<string> => {
  const couponId = uniqueId('coupon');
  const expiresAt = '2999-12-31T00:00:00.000Z';
  await putCoupon(db, tables, { userId: buyer, couponId, amountOff, currency, expiresAt });

  return couponId;
};

interface OrderOptions {
  readonly buyer?: string;
  readonly lines?: readonly { readonly sku: string; readonly quantity: number }[];
  readonly couponId?: string;
  readonly via?: Api;
}

/** An order of one product by a buyer who can pay it, as far as nothing else is said. */
export const anOrder = async ({
  via = api,
  ...options
}: OrderOptions = {}): Promise<PlacedOrder> => {
  const { buyer = await aBuyer(), lines = [{ sku: await aProduct(), quantity: 1 }] } = options;

  return via.placeOrder({ ...options, buyer, lines });
};

/** A buyer's money, in the columns of the book. */
export const wallets = {
  async of(buyer: string) {
    const { available, held, spent, deposited } = orThrow(await balances.find(buyer), buyer);

    return { available, held, spent, deposited };
  },
};

/** A product's units, in the columns of the book. */
export const stock = {
  async of(sku: string) {
    const { available, reserved, sold, received } = orThrow(await products.find(sku), sku);

    return { available, reserved, sold, received };
  },
};

export const couponOf = async (buyer: string, couponId: string): Promise<Coupon> =>
  orThrow(await coupons.find(buyer, couponId), couponId);

export const orderOf = async (orderId: string) => orThrow(await orders.find(orderId), orderId);

const orThrow = <T>(found: T | undefined, name: string): T => {
  if (found === undefined) throw new Error(`There is no ${name}.`);

  return found;
};
