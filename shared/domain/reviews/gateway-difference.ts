import type { Payment } from '../payments/payment.ts';
import { gatewayRefundableAmount } from '../payments/refundable.ts';
import { gatewayRemainderOf } from '../payments/tenders.ts';

/**
 * A difference between the gateway and a payment at one time. Amounts in minor units of the payment's
 * currency.
 */
export interface GatewayDifference {
  readonly captured: number;
  /** All refunds at the gateway. */
  readonly refunded: number;
  /** Recorded refunds that succeeded. */
  readonly booked: number;
  /** Recorded refunds in progress. The gateway's refunds may include them. */
  readonly pending: number;
  /** Negative: the gateway has refunds that are not recorded. Positive: it holds more than recorded. */
  readonly amount: number;
  /** Present if the gateway captured something else, or shows no capture. */
  readonly detail?: string;
}

export interface GatewayHoldings
  extends Pick<GatewayDifference, 'captured' | 'refunded' | 'detail'> {
  /** The payment before the inquiry. */
  readonly before: Payment;
  /** The payment after the inquiry. The gateway's answer may include refunds requested in between. */
  readonly after: Payment;
}

/**
 * Returns the difference between the gateway and the payment; undefined if they may agree. Refunds in
 * progress, or settled during the inquiry, may be on either side.
 */
export const gatewayDifferenceOf = (holdings: GatewayHoldings): GatewayDifference | undefined => {
  const { captured, refunded, detail, before, after } = holdings;
  const remaining = captured - refunded;
  const { min, max } = expectedRemaining({ before, after });
  const amount = remaining < min ? remaining - min : Math.max(remaining - max, 0);
  if (amount === 0) return undefined;

  return {
    captured,
    refunded,
    booked: after.gatewayRefunded ?? 0,
    pending: after.gatewayRefundPending ?? 0,
    amount,
    ...(detail !== undefined && { detail }),
  };
};

type ReadInterval = Pick<GatewayHoldings, 'before' | 'after'>;

/**
 * The range of what the gateway should hold. More than one value if a refund is in progress or has ended
 * meanwhile.
 */
const expectedRemaining = ({ before, after }: ReadInterval) => ({
  min: Math.min(minRemaining(before), minRemaining(after)),
  max: Math.max(maxRemaining(before), maxRemaining(after)),
});

/**
 * Whether the comparison is conclusive. With refunds in progress, a refund made at the gateway may look like
 * one of ours, or two differences may cancel out: then it is repeated after those refunds have ended.
 */
export const isConclusive = (interval: ReadInterval): boolean => {
  const { min, max } = expectedRemaining(interval);

  return min === max;
};

const isReversed = ({ status }: Payment) => status === 'REVERSED';

const maxRemaining = (payment: Payment): number =>
  isReversed(payment) ? 0 : gatewayRemainderOf(payment);

const minRemaining = (payment: Payment): number =>
  isReversed(payment) ? 0 : gatewayRefundableAmount(payment);

/**
 * Whether the difference may come from a delay at the gateway, which may not show a recent capture or refund
 * yet. Refunds that are not recorded never have this cause.
 */
export const mayBeGatewayLag = (
  { amount }: Pick<GatewayDifference, 'amount'>,
  { updatedAt }: Payment,
  { now, windowMs }: { readonly now: Date; readonly windowMs: number },
): boolean => amount > 0 && now.getTime() - Date.parse(updatedAt) < windowMs;
