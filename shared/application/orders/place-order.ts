import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isOutage } from '../../config/transient-errors.ts';
import { refuseCardNumberIn } from '../../domain/card-number.ts';
import { keyReused, Outage, Refusal } from '../../domain/errors.ts';
import {
  type Coupon,
  defaultOrderLifetimeMs,
  type Line,
  mergeLines,
  type Order,
  placeOrder,
} from '../../domain/orders/order.ts';
import type { Coupons } from '../../persistence/coupon-repository.ts';
import type { Item } from '../../persistence/dynamodb/expressions.ts';
import { commit, type Step } from '../../persistence/dynamodb/transaction.ts';
import { InvalidItemError } from '../../persistence/external-item-schemas.ts';
import type { Orders } from '../../persistence/order-repository.ts';
import type { PaymentsOfBuyer } from '../../persistence/payment-list-repository.ts';
import type { Payments } from '../../persistence/payment-repository.ts';
import { type Products, productNotSellable } from '../../persistence/product-repository.ts';
import { couponUseIn } from './coupon-usage.ts';

interface Stores {
  readonly db: DynamoDBDocumentClient;
  readonly orders: Pick<Orders, 'find' | 'place'>;
  readonly products: Pick<Products, 'find'>;
  readonly coupons: Pick<Coupons, 'find' | 'findUse' | 'use'>;
  readonly payments: Pick<Payments, 'find'>;
  readonly buyersPayments: PaymentsOfBuyer;
}

export interface PlaceRequest {
  /** Derived from the buyer and the key, so that two first tries meet in one item. */
  readonly orderId: string;
  readonly userId: string;
  readonly lines: readonly Line[];
  readonly couponId?: string | undefined;
  readonly requestHash: string;
}

export interface Placed {
  readonly order: Order;
  /** The order of this key was there already. */
  readonly replayed: boolean;
}

/** Either the order of this key that is already there, or why there can be none. */
type Obstacle = { readonly existing: Order } | { readonly refusal: Refusal };

/**
 * Prices an order and stores it in one transaction with the use of its coupon, once for its id.
 *
 * An order that is stored for this id is the answer, whatever the catalogue and the coupon say by now: the coupon is used, by this order.
 * A coupon that another order uses is looked into before it is refused: that order may be about to give it back.
 */
export const placeIn =
  (stores: Stores, lifetimeMs = defaultOrderLifetimeMs) =>
  async (request: PlaceRequest, at: Date): Promise<Placed> => {
    const order = await placeOrFind(stores, request, { at, lifetimeMs });
    if (order.requestHash !== request.requestHash) throw keyReused();

    return { order, replayed: order.createdAt !== at.toISOString() };
  };

/** A coupon that came back while it was refused can be used: so often is it tried again. */
const maxAttempts = 3;

const placeOrFind = async (
  stores: Stores,
  request: PlaceRequest,
  terms: Terms,
  attempt = 1,
): Promise<Order> => {
  try {
    return await place(stores, request, terms);
  } catch (error) {
    if (!isNoAnswerYet(error)) throw error;
    const { orderId, userId, couponId } = request;
    const stored = await stores.orders.find(orderId);
    if (stored !== undefined) return stored;
    if (!isOfCoupon(error) || couponId === undefined) throw error;
    const use = await couponUseIn(stores)({ userId, couponId }, terms.at);
    if (use !== 'ended') throw use ?? error;
    if (attempt === maxAttempts) throw error;

    return placeOrFind(stores, request, terms, attempt + 1);
  }
};

/** The order of this key was placed before perhaps, or just now, and only the answer was lost. */
const isNoAnswerYet = (error: unknown) =>
  error instanceof Refusal || error instanceof Outage || isOutage(error);

const isOfCoupon = (error: unknown) =>
  error instanceof Refusal && error.data.code === 'coupon-not-usable';

interface Terms {
  readonly at: Date;
  readonly lifetimeMs: number;
}

const place = async (stores: Stores, request: PlaceRequest, terms: Terms): Promise<Order> => {
  const { order, coupon } = await priced(stores, request, terms);
  const [obstacle] = await commit(stores.db, placeSteps(stores, order, coupon));
  if (obstacle === undefined) return order;
  if ('existing' in obstacle) return obstacle.existing;
  throw obstacle.refusal;
};

const priced = async (
  { products, coupons }: Stores,
  { couponId, ...request }: PlaceRequest,
  terms: Terms,
): Promise<{ order: Order; coupon?: Coupon }> => {
  const { userId } = request;
  const [found, coupon] = await Promise.all([
    Promise.all(mergeLines(request.lines).map(({ sku }) => products.find(sku).catch(invalid))),
    couponId === undefined ? undefined : coupons.find(userId, couponId).catch(invalid),
  ]);
  const unsellable = found.filter((product) => product instanceof InvalidItemError);
  if (unsellable.length > 0) throw productNotSellable(unsellable);
  const catalogue = found.filter(isSellable);
  if (couponId !== undefined && coupon === undefined) {
    refuseCardNumberIn([couponId]);
    throw couponNotUsable(`There is no coupon "${couponId}" of yours.`);
  }
  if (coupon instanceof InvalidItemError) {
    throw couponNotUsable(
      `The coupon "${couponId}" is not valid as stored: ${coupon.fields.join(', ')}.`,
    );
  }
  const priceable = { ...request, products: catalogue, ...terms };

  return coupon === undefined
    ? { order: placeOrder(priceable) }
    : { order: placeOrder({ ...priceable, coupon }), coupon };
};

const placeSteps = (
  { orders, coupons }: Stores,
  order: Order,
  coupon: Coupon | undefined,
): Step<Obstacle>[] => [
  { write: orders.place(order), refused: existing },
  ...(coupon === undefined
    ? []
    : [
        {
          write: coupons.use(coupon, order),
          refused: () => ({ refusal: couponNotUsable('The coupon was used meanwhile.') }),
        },
      ]),
];

const existing = (stored?: Item): Obstacle => ({ existing: stored as unknown as Order });

/** An item that is not valid is a refusal of ours; any other error is thrown. */
const invalid = (error: unknown): InvalidItemError => {
  if (error instanceof InvalidItemError) return error;
  throw error;
};

const isSellable = <T>(found: T | InvalidItemError | undefined): found is T =>
  found !== undefined && !(found instanceof InvalidItemError);

const couponNotUsable = (detail: string) => new Refusal({ code: 'coupon-not-usable', detail });
