import type { Payment } from './payment.ts';

type Tenders = Pick<Payment, 'amount' | 'gatewayAmount' | 'currency'>;

/** The part of a payment that is taken from the balance, or of a refund that goes back to it, in minor units. */
export const balanceAmountOf = ({
  amount,
  gatewayAmount,
}: Pick<Payment, 'amount' | 'gatewayAmount'>): number => amount - gatewayAmount;

const describeParts = (tenders: Tenders, balance: 'from the balance' | 'to the balance') => {
  const { gatewayAmount, currency } = tenders;
  const balanceAmount = balanceAmountOf(tenders);

  return [
    ...(balanceAmount === 0 ? [] : [`${balanceAmount} ${currency} ${balance}`]),
    ...(gatewayAmount === 0 ? [] : [`${gatewayAmount} ${currency} by the gateway`]),
  ].join(', ');
};

/** The parts of a payment that are not 0, as text. */
export const describeTenders = (payment: Tenders): string =>
  describeParts(payment, 'from the balance') || 'nothing to pay';

/** The parts of a refund that are not 0, as text. */
export const describeRefundTenders = (refund: Tenders): string =>
  describeParts(refund, 'to the balance') || 'nothing to refund';

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
