import type { CompensationRecord } from '../../shared/domain/compensation/compensation.ts';
import type { Balance } from '../../shared/domain/money.ts';
import type { Coupon, Order, Product } from '../../shared/domain/orders/order.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Refund } from '../../shared/domain/refunds/refund.ts';
import type { ExamplePayment } from './example-payment.ts';

export const payment = (item: Payment) => ['Payments', item] as const;
export const order = (item: Order) => ['Orders', item] as const;
export const refund = (item: Refund) => ['Refunds', item] as const;
export const coupon = (item: Coupon) => ['Coupons', item] as const;
export const compensation = (item: CompensationRecord) => ['Compensations', item] as const;

/** A balance of one million with these held and spent amounts. */
export const balance = (userId: string, held: number, spent: number) =>
  [
    'Balances',
    {
      userId,
      currency: 'KRW',
      available: 1_000_000 - held - spent,
      held,
      spent,
      deposited: 1_000_000,
    } satisfies Balance,
  ] as const;

export const product = (item: Product, reserved: number, sold: number) =>
  [
    'Products',
    { ...item, available: item.received - reserved - sold, reserved, sold } satisfies Product,
  ] as const;

export const usedCoupon = ({ coupon: item, order: { orderId } }: ExamplePayment): Coupon => ({
  ...item,
  status: 'USED',
  orderId,
});

/** The order after a write together with the payment. */
export const updatedOrder = (
  item: Order,
  { updatedAt }: Payment,
  change: Partial<Order>,
): Order => ({
  ...item,
  ...change,
  version: item.version + 1,
  updatedAt,
});

export const assignedOrder = (item: Order, by: Payment) =>
  updatedOrder(item, by, { status: 'PAYING', activePaymentId: by.paymentId });
