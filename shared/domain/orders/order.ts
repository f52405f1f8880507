import type { Expiring } from '../canary.ts';
import { rejectCardNumbers } from '../card-number.ts';
import { dueShardOf } from '../due-index.ts';
import { RejectionError } from '../errors.ts';
import { contentHashOf } from '../ids.ts';
import { isAmount } from '../money.ts';
import { hasPassed, parseInstant } from '../time.ts';

export const orderStatuses = [
  'PENDING_PAYMENT',
  'PAYING',
  'COMPLETED',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
  'CANCELLED',
] as const;

export type OrderStatus = (typeof orderStatuses)[number];

export const cancelReasons = ['payment-failed', 'cancelled-by-buyer', 'expired'] as const;

/** Why an order was cancelled. */
export type CancelReason = (typeof cancelReasons)[number];

/** How long an order can be paid, by default. */
export const defaultOrderLifetimeMs = 24 * 60 * 60 * 1_000;

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface PricedLine extends OrderLine {
  /** Minor units of the order's currency. */
  readonly unitPrice: number;
  /** The number of shards of the product's stock, as accept selects one. Absent if it has one. */
  readonly stockShards?: number;
}

/** What accept pays. Nothing changes it after the order is placed. */
export interface OrderContent {
  /** One line per distinct SKU. */
  readonly lines: readonly PricedLine[];
  readonly couponId?: string;
  /** `subtotal - discount`, never negative. */
  readonly total: number;
  readonly currency: string;
  /** ISO 8601. From this instant on the order cannot be paid. */
  readonly expiresAt: string;
}

export interface Order extends OrderContent, Expiring {
  readonly orderId: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly subtotal: number;
  readonly discount: number;
  /** Absent from an order that an earlier version has stored. */
  readonly contentHash?: string;
  /** The payment that holds the order, from accept until it fails. */
  readonly activePaymentId?: string;
  readonly requestHash: string;
  /** Present if the order is CANCELLED. */
  readonly cancelReason?: CancelReason;
  /** Key of the sparse due index: present until the order has ended. */
  readonly dueShard?: string;
  readonly dueAt?: string;
  /** W3C trace context of the request that paid or cancelled it. */
  readonly traceparent?: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: number;
  readonly currency: string;
  readonly available: number;
  readonly reserved: number;
  readonly sold: number;
  readonly received: number;
  /** The number of shards that new orders use. Absent: one, which is this item. */
  readonly stockShards?: number;
  /** The number of shards that may have units: those in use, and removed ones. Absent: one. */
  readonly stockShardsCreated?: number;
  /** ISO 8601. When an operator last moved units between the shards. Absent until then. */
  readonly stockMovedAt?: string;
}

export interface Coupon {
  readonly userId: string;
  readonly couponId: string;
  readonly status: 'AVAILABLE' | 'USED' | 'EXPIRED';
  readonly amountOff: number;
  readonly currency: string;
  readonly orderId?: string;
  /** RFC 3339 with any offset, as its issuer wrote it. */
  readonly expiresAt: string;
}

/** The use of a coupon, as stored and not validated. */
export interface CouponUse extends Pick<Coupon, 'userId' | 'couponId'> {
  readonly status: unknown;
  readonly orderId?: unknown;
  readonly expiresAt: unknown;
}

/** With the payment, the order and the balance, more would not fit into one transaction. */
export const maxDistinctSkus = 80;

/** Merges lines to one per SKU, in order of first mention. Rejects more than `maxDistinctSkus`. */
export const mergeLines = (lines: readonly OrderLine[]): OrderLine[] => {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) {
    quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  }
  if (quantities.size > maxDistinctSkus) {
    throw new RejectionError({
      code: 'too-many-lines',
      detail: `An order takes at most ${maxDistinctSkus} distinct SKUs, this one has ${quantities.size}.`,
    });
  }

  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
};

export interface OrderRequest {
  readonly orderId: string;
  readonly userId: string;
  readonly lines: readonly OrderLine[];
  readonly products: readonly Pick<Product, 'sku' | 'unitPrice' | 'currency' | 'stockShards'>[];
  readonly coupon?: Coupon;
  readonly requestHash: string;
  readonly at: Date;
  readonly lifetimeMs?: number;
}

/** Creates an order with the prices of the catalogue. Rejects unknown products and unusable coupons. */
export const placeOrder = ({
  orderId,
  userId,
  lines,
  products,
  coupon,
  requestHash,
  at,
  lifetimeMs = defaultOrderLifetimeMs,
}: OrderRequest): Order => {
  const priced = priceLines(mergeLines(lines), products);
  const currency = singleCurrency(products);
  const subtotal = priced.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
  if (!isAmount(subtotal)) {
    throw new RejectionError({
      code: 'invalid-request',
      detail: 'The total exceeds 2^53 - 1 minor units.',
    });
  }
  const discount = coupon === undefined ? 0 : discountOf(coupon, { subtotal, currency, at });
  const expiresAt = expiryOf(coupon, at, lifetimeMs);
  const total = subtotal - discount;
  if (![discount, total].every(isAmount)) throw new Error(`The total of ${orderId} is ${total}.`);
  const content: OrderContent = {
    lines: priced,
    ...(coupon === undefined ? {} : { couponId: coupon.couponId }),
    total,
    currency,
    expiresAt,
  };

  return {
    orderId,
    userId,
    status: 'PENDING_PAYMENT',
    ...content,
    subtotal,
    discount,
    contentHash: contentHashOf(content),
    requestHash,
    dueShard: dueShardOf(orderId),
    dueAt: expiresAt,
    version: 1,
    createdAt: at.toISOString(),
    updatedAt: at.toISOString(),
  };
};

/** An order expires with its coupon at the latest. */
const expiryOf = (coupon: Coupon | undefined, at: Date, lifetimeMs: number): string => {
  const couponEnd = parseInstant(coupon?.expiresAt) ?? Infinity;

  return new Date(Math.min(at.getTime() + lifetimeMs, couponEnd)).toISOString();
};

const priceLines = (
  lines: readonly OrderLine[],
  products: OrderRequest['products'],
): PricedLine[] => {
  const catalogue = new Map(products.map((product) => [product.sku, product]));
  const missing = lines.filter(({ sku }) => !catalogue.has(sku));
  if (missing.length > 0) {
    rejectCardNumbers(missing.map(({ sku }) => sku));
    throw new RejectionError({
      code: 'product-not-found',
      detail: 'The catalogue has no such product.',
      errors: missing.map(({ sku }) => ({ sku, detail: `There is no product "${sku}".` })),
    });
  }

  return lines.flatMap((line) => {
    const { unitPrice, stockShards = 1 } = catalogue.get(line.sku) ?? {};
    if (unitPrice === undefined) return [];

    return [{ ...line, unitPrice, ...(stockShards > 1 && { stockShards }) }];
  });
};

const singleCurrency = (products: OrderRequest['products']): string => {
  const [currency, ...others] = new Set(products.map((product) => product.currency));
  if (currency === undefined || others.length > 0) {
    throw new RejectionError({
      code: 'invalid-request',
      detail: 'All products of an order must have one currency.',
    });
  }

  return currency;
};

const discountOf = (
  coupon: Coupon,
  { subtotal, currency, at }: { subtotal: number; currency: string; at: Date },
): number => {
  if (coupon.status !== 'AVAILABLE' || hasPassed(coupon.expiresAt, at)) {
    throw new RejectionError({
      code: 'coupon-not-usable',
      detail: 'The coupon is used or expired.',
    });
  }
  if (coupon.currency !== currency) {
    throw new RejectionError({
      code: 'coupon-not-usable',
      detail: `The coupon is in ${coupon.currency}.`,
    });
  }

  return Math.min(coupon.amountOff, subtotal);
};
