import type { Payment } from './payment.ts';

/** The part of a payment that is taken from the balance, or of a refund that goes back to it, in minor units. */
export const balanceAmountOf = ({
  amount,
  gatewayAmount,
}: Pick<Payment, 'amount' | 'gatewayAmount'>): number => amount - gatewayAmount;

/** The parts of a payment that are not 0, as text. */
export const describeTenders = (payment: Payment): string => {
  const { gatewayAmount, currency } = payment;
  const balanceAmount = balanceAmountOf(payment);
  const parts = [
    ...(balanceAmount === 0 ? [] : [`${balanceAmount} ${currency} from the balance`]),
    ...(gatewayAmount === 0 ? [] : [`${gatewayAmount} ${currency} by the gateway`]),
  ];

  return parts.length === 0 ? 'nothing to pay' : parts.join(', ');
};

/** The part of the succeeded refunds that went to the balance, in minor units. */
export const balanceRefundedOf = ({
  refunded,
  gatewayRefunded = 0,
}: Pick<Payment, 'refunded' | 'gatewayRefunded'>): number => refunded - gatewayRefunded;

/** The part of a captured payment that should remain at the gateway, in minor units. */
export const gatewayRemainderOf = ({
  gatewayAmount,
  gatewayRefunded = 0,
}: Pick<Payment, 'gatewayAmount' | 'gatewayRefunded'>): number => gatewayAmount - gatewayRefunded;
