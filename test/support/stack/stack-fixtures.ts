import { randomUUID } from 'node:crypto';
import { putBalance, putCoupon, putProduct } from '../../../dev/demo/seed.ts';
import type { Coupon } from '../../../shared/domain/orders/order.ts';
import { type Api, api, type PlacedOrder } from './api-client.ts';
import { db, stack } from './aws-clients.ts';
import { addOwnId } from './own-items.ts';
import { balances, coupons, orders, products } from './repositories.ts';

const currency = 'KRW';
const { tables } = stack;

/** The part of a payment that the balance pays, in tests of both tenders. Minor units. */
export const balancePart = 1_000;

/** A unique id, so that tests and runs do not share items. */
export const uniqueId = (prefix: string): string => addOwnId(`${prefix}-${randomUUID()}`);

/** Creates a buyer with this balance (minor units); returns the user id. */
export const aBuyer = async ({ available = 10_000 } = {}): Promise<string> => {
  const userId = uniqueId('buyer');
  await putBalance(db, tables, { userId, currency, available });

  return userId;
};

/** Creates a product with this stock and unit price; returns the sku. */
export const aProduct = async ({ available = 10, price = 2_500 } = {}): Promise<string> => {
  const sku = uniqueId('sku');
  await putProduct(db, tables, { sku, name: 'Tea', unitPrice: price, currency, available });

  return sku;
};

/** Creates a coupon of the buyer; returns its id. */
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

/** Places an order; by default of one unit, by a new buyer who can pay it. */
export const anOrder = async ({
  via = api,
  ...options
}: OrderOptions = {}): Promise<PlacedOrder> => {
  const { buyer = await aBuyer(), lines = [{ sku: await aProduct(), quantity: 1 }] } = options;

  return via.placeOrder({ ...options, buyer, lines });
};

/** Balances of a buyer. */
export const wallets = {
  async of(buyer: string) {
    const { available, held, spent, deposited } = orThrow(await balances.find(buyer), buyer);

    return { available, held, spent, deposited };
  },
};

/** Stock counters of a product. */
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
