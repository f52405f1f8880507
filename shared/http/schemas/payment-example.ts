import { alice } from '../examples.ts';
import { paymentLinks } from '../payment-body.ts';
import type { NextActionBody } from './next-action.ts';
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

const windowUrl = 'https://pg.example/window';

/** What the buyer of the example does if the payment has no payment method. */
export const provideMethodExample = (returnUrl?: string) => {
  const charge = { reference: paymentId, amount: 3_000, currency: 'KRW' };
  const query = { ...charge, amount: '3000', ...(returnUrl !== undefined && { returnUrl }) };

  return {
    type: 'provide-payment-method',
    gateway: 'simulator',
    url: `${windowUrl}?${new URLSearchParams(query)}`,
    ...charge,
    expiresAt: '2026-11-23T09:30:05.000Z',
  } as const satisfies NextActionBody;
};

/** The payment of the examples while it waits for a payment method. */
export const waitingPaymentExample = {
  ...chargingPaymentExample,
  status: 'REQUIRES_ACTION',
  stage: 'REQUIRES_METHOD',
  version: 1,
  updatedAt: '2026-11-23T09:00:05.000Z',
  nextAction: provideMethodExample(),
} satisfies PaymentBody;

/** The same payment after its capture. */
export const completedPaymentExample = {
  ...chargingPaymentExample,
  status: 'COMPLETED',
  stage: 'COMPLETED',
  version: 3,
  updatedAt: '2026-11-23T09:00:05.420Z',
} satisfies PaymentBody;
