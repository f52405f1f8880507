import type { Database } from '../../config/platform.ts';
import { isSoldTo } from '../../domain/canary.ts';
import { rejectCardNumbers } from '../../domain/card-number.ts';
import { idempotencyKeyReused, RejectionError } from '../../domain/errors.ts';
import {
  type Coupon,
  defaultOrderLifetimeMs,
  mergeLines,
  type Order,
  type OrderLine,
  placeOrder,
} from '../../domain/orders/order.ts';
import type { CouponRepository } from '../../persistence/coupon-repository.ts';
import type { Item } from '../../persistence/dynamodb/expressions.ts';
import { type ConditionalWrite, commit } from '../../persistence/dynamodb/transaction.ts';
import { InvalidItemError } from '../../persistence/external-item-schemas.ts';
import type { OrderRepository } from '../../persistence/order-repository.ts';
import type { PaymentListRepository } from '../../persistence/payment-list-repository.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import {
  type ProductRepository,
  productNotSellable,
} from '../../persistence/product-repository.ts';
import { mayAlreadyBeStored } from '../may-already-be-stored.ts';
import { createExplainCouponUse } from './coupon-usage.ts';

interface Stores {
  readonly db: Database;
  readonly orders: Pick<OrderRepository, 'find' | 'insert'>;
  readonly products: Pick<ProductRepository, 'find'>;
  readonly coupons: Pick<CouponRepository, 'find' | 'findUse' | 'use'>;
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly buyersPayments: PaymentListRepository;
}

export interface PlaceOrderCommand {
  /**
   * Derived from the buyer and the idempotency key, so that concurrent first requests write the same item.
   */
  readonly orderId: string;
  readonly userId: string;
  readonly lines: readonly OrderLine[];
  readonly couponId?: string | undefined;
  readonly requestHash: string;
}

export interface PlaceOrderResult {
  readonly order: Order;
  /** The order existed already. */
  readonly replayed: boolean;
}

/** The order that is stored for this key already, or the rejection. */
type OrderConflict = { readonly existing: Order } | { readonly rejection: RejectionError };

/**
 * Prices an order and stores it in one transaction with the use of its coupon. Throws the rejection of an
 * order that cannot be placed, or ServiceUnavailableError.
 *
 * The order item is the idempotency record: if it exists, it is returned, even if the catalogue or the coupon
 * has changed since. If another order uses the coupon, that order is read before the rejection, because it
 * may be about to release the coupon.
 */
export const createPlaceOrder =
  (stores: Stores, lifetimeMs = defaultOrderLifetimeMs) =>
  async (command: PlaceOrderCommand, at: Date): Promise<PlaceOrderResult> => {
    const order = await placeOrFind(stores, command, { at, lifetimeMs });
    if (order.requestHash !== command.requestHash) throw idempotencyKeyReused();

    return { order, replayed: order.createdAt !== at.toISOString() };
  };

/** A coupon that became available after its rejection is tried again. */
const maxAttempts = 3;

const placeOrFind = async (
  stores: Stores,
  command: PlaceOrderCommand,
  terms: PlaceOrderTerms,
  attempt = 1,
): Promise<Order> => {
  try {
    return await tryPlaceOrder(stores, command, terms);
  } catch (error) {
    if (!mayAlreadyBeStored(error)) throw error;
    const { orderId, userId, couponId } = command;
    const stored = await stores.orders.find(orderId);
    if (stored !== undefined) return stored;
    if (!isCouponRejection(error) || couponId === undefined) throw error;
    const couponUsage = await createExplainCouponUse(stores)({ userId, couponId }, terms.at);
    if (couponUsage !== 'available') throw couponUsage ?? error;
    if (attempt === maxAttempts) throw error;

    return placeOrFind(stores, command, terms, attempt + 1);
  }
};

const isCouponRejection = (error: unknown) =>
  error instanceof RejectionError && error.data.code === 'coupon-not-usable';

interface PlaceOrderTerms {
  readonly at: Date;
  readonly lifetimeMs: number;
}

const tryPlaceOrder = async (
  stores: Stores,
  command: PlaceOrderCommand,
  terms: PlaceOrderTerms,
): Promise<Order> => {
  const { order, coupon } = await priceOrder(stores, command, terms);
  const [conflict] = await commit(stores.db, placeWrites(stores, order, coupon));
  if (conflict === undefined) return order;
  if ('existing' in conflict) return conflict.existing;
  throw conflict.rejection;
};

const priceOrder = async (
  { products, coupons }: Stores,
  { couponId, ...command }: PlaceOrderCommand,
  terms: PlaceOrderTerms,
): Promise<{ order: Order; coupon?: Coupon }> => {
  const { userId } = command;
  const [found, coupon] = await Promise.all([
    Promise.all(
      mergeLines(command.lines).map(({ sku }) => products.find(sku).catch(asInvalidItem)),
    ),
    couponId === undefined ? undefined : coupons.find(userId, couponId).catch(asInvalidItem),
  ]);
  const unsellable = found.filter((product) => product instanceof InvalidItemError);
  if (unsellable.length > 0) throw productNotSellable(unsellable);
  const catalogue = found.filter(isSellable).filter(({ sku }) => isSoldTo(userId, sku));
  if (couponId !== undefined && coupon === undefined) {
    rejectCardNumbers([couponId]);
    throw couponNotUsable(`You have no coupon "${couponId}".`);
  }
  if (coupon instanceof InvalidItemError) {
    throw couponNotUsable(
      `The coupon "${couponId}" is not valid as stored: ${coupon.fields.join(', ')}.`,
    );
  }
  const priceable = { ...command, products: catalogue, ...terms };

  return coupon === undefined
    ? { order: placeOrder(priceable) }
    : { order: placeOrder({ ...priceable, coupon }), coupon };
};

const placeWrites = (
  { orders, coupons }: Stores,
  order: Order,
  coupon: Coupon | undefined,
): ConditionalWrite<OrderConflict>[] => [
  { write: orders.insert(order), toRejection: alreadyStored },
  ...(coupon === undefined
    ? []
    : [
        {
          write: coupons.use(coupon, order),
          toRejection: () => ({ rejection: couponNotUsable('The coupon was used concurrently.') }),
        },
      ]),
];

const alreadyStored = (stored?: Item): OrderConflict => ({ existing: stored as unknown as Order });

/** Returns an InvalidItemError, which becomes a rejection; throws any other error. */
const asInvalidItem = (error: unknown): InvalidItemError => {
  if (error instanceof InvalidItemError) return error;
  throw error;
};

const isSellable = <T>(found: T | InvalidItemError | undefined): found is T =>
  found !== undefined && !(found instanceof InvalidItemError);

const couponNotUsable = (detail: string) =>
  new RejectionError({ code: 'coupon-not-usable', detail });
