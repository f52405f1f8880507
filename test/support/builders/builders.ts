import { randomUUID } from 'node:crypto';
import {
  contentHashOf,
  deriveOrderId,
  derivePaymentId,
  requestHashOf,
} from '../../../shared/domain/ids.ts';
import type { Balance } from '../../../shared/domain/money.ts';
import type { Coupon, Order, PricedLine, Product } from '../../../shared/domain/orders/order.ts';
import { openPayment } from '../../../shared/domain/payments/open-payment.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';

/** A fixed time for tests. */
export const noon = new Date('2026-03-14T12:00:00.000Z');

export const aBuyer = () => `buyer-${randomUUID()}`;

export const aProduct = (given: Partial<Product> = {}): Product => {
  const { available = 100, reserved = 0, sold = 0 } = given;

  return {
    sku: `tea-${randomUUID()}`,
    name: 'Tea',
    unitPrice: 2_500,
    currency: 'KRW',
    available,
    reserved,
    sold,
    received: available + reserved + sold,
    ...given,
  };
};

export const aCoupon = (given: Partial<Coupon> = {}): Coupon => ({
  userId: aBuyer(),
  couponId: `coupon-${randomUUID()}`,
  status: 'AVAILABLE',
  amountOff: 500,
  currency: 'KRW',
  expiresAt: '2099-01-01T00:00:00.000Z',
  ...given,
});

export const aBalance = (given: Partial<Balance> = {}): Balance => {
  const { available = 10_000, held = 0, spent = 0 } = given;

  return {
    userId: aBuyer(),
    currency: 'KRW',
    available,
    held,
    spent,
    deposited: available + held + spent,
    ...given,
  };
};

/** An order; its totals follow from lines and discount. */
export const anOrder = (given: Partial<Order> = {}): Order => {
  const { userId = aBuyer(), discount = 0 } = given;
  const lines: readonly PricedLine[] = given.lines ?? [
    { sku: 'tea', quantity: 2, unitPrice: 2_500 },
  ];
  const subtotal = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const content = {
    lines,
    ...(given.couponId && { couponId: given.couponId }),
    total: given.total ?? subtotal - discount,
    currency: given.currency ?? 'KRW',
    expiresAt: given.expiresAt ?? '2099-01-01T00:00:00.000Z',
  };

  return {
    orderId: deriveOrderId(userId, randomUUID()),
    userId,
    status: 'PENDING_PAYMENT',
    ...content,
    subtotal,
    discount,
    contentHash: contentHashOf(content),
    requestHash: requestHashOf({ lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) }),
    version: 1,
    createdAt: noon.toISOString(),
    updatedAt: noon.toISOString(),
    ...given,
  };
};

const holdExpiryMs = 300_000;

/** A payment of both tenders (2,000 from the balance) as accept stores it, with the given fields replaced. */
export const aPayment = ({
  order = anOrder(),
  key = randomUUID(),
  at = noon,
  balanceAmount = Math.min(2_000, order.total),
  ...given
}: Partial<Payment> & {
  order?: Order;
  key?: string;
  at?: Date;
  balanceAmount?: number;
} = {}): Payment => {
  const request = {
    paymentId: derivePaymentId(order.userId, key),
    order,
    balanceAmount,
    paymentMethod: 'sim_approve',
    requestHash: requestHashOf({ orderId: order.orderId, paymentMethod: 'sim_approve' }),
  };

  return { ...openPayment(request, at, holdExpiryMs), ...given };
};
