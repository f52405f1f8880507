import { alice } from '../examples.ts';
import { paymentLinks } from '../payment-body.ts';
import type { PaymentBody } from './payment.ts';

const { orderId, paymentId } = alice;

/** The payment of the examples while the gateway is charging it. */
export const chargingPaymentExample = {
  paymentId,
  orderId,
  status: 'PENDING',
  stage: 'CHARGING',
  amount: 5_000,
  balanceAmount: 2_000,
  gatewayAmount: 3_000,
  currency: 'KRW',
  version: 2,
  createdAt: '2026-11-23T09:00:05.000Z',
  updatedAt: '2026-11-23T09:00:05.150Z',
  refunded: 0,
  links: paymentLinks(paymentId),
} satisfies PaymentBody;

/** The same payment after its capture. */
export const completedPaymentExample = {
  ...chargingPaymentExample,
  status: 'COMPLETED',
  stage: 'COMPLETED',
  version: 3,
  updatedAt: '2026-11-23T09:00:05.420Z',
} satisfies PaymentBody;
