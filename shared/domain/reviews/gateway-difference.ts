import type { Payment } from '../payments/payment.ts';

/**
 * What the gateway holds of a payment beside what our books say, at one moment. All amounts in minor units of
 * the payment's currency.
 */
export interface GatewayDifference {
  readonly captured: number;
  /** All refunds at the gateway, whoever made them. */
  readonly refunded: number;
  /** Our refunds that are booked as paid. */
  readonly booked: number;
  /** Our refunds that are under way, and may or may not be among those of the gateway. */
  readonly pending: number;
  /**
   * Below zero: the gateway has refunded what is in no book of ours. Above: it holds more than our books say.
   */
  readonly amount: number;
  /** Where it captured something else than the payment, or shows no capture. */
  readonly detail?: string;
}

export interface GatewayHoldings
  extends Pick<GatewayDifference, 'captured' | 'refunded' | 'detail'> {
  /** The payment as it was read before the gateway was asked. */
  readonly before: Payment;
  /** And after its answer: whatever was asked for in between may or may not be in that. */
  readonly after: Payment;
}

/**
 * What the gateway has and our books have not, or the other way round; undefined where they may agree. A
 * refund under way counts on either side, and so does what was settled while the gateway was asked.
 */
export const gatewayDifferenceOf = (holdings: GatewayHoldings): GatewayDifference | undefined => {
  const { captured, refunded, detail, before, after } = holdings;
  const remaining = captured - refunded;
  const { least: min, most: max } = expectedRemaining({ before, after });
  const amount = remaining < min ? remaining - min : Math.max(remaining - max, 0);
  if (amount === 0) return undefined;

  return {
    captured,
    refunded,
    booked: after.refunded,
    pending: after.refundPending,
    amount,
    ...(detail !== undefined && { detail }),
  };
};

type ReadInterval = Pick<GatewayHoldings, 'before' | 'after'>;

/** What may be left by our books: a range, while a refund of ours is under way or has ended meanwhile. */
const expectedRemaining = ({ before, after }: ReadInterval) => ({
  least: Math.min(minRemaining(before), minRemaining(after)),
  most: Math.max(maxRemaining(before), maxRemaining(after)),
});

/**
 * Whether the comparison needs no repeat. With a range, what somebody else did at the gateway may look like a
 * refund of ours, or two differences may cancel out: it is repeated when those refunds have ended.
 */
export const isConclusive = (interval: ReadInterval): boolean => {
  const { least: min, most: max } = expectedRemaining(interval);

  return min === max;
};

const isReversed = ({ status }: Payment) => status === 'REVERSED';

const maxRemaining = (payment: Payment): number =>
  isReversed(payment) ? 0 : payment.amount - payment.refunded;

const minRemaining = (payment: Payment): number =>
  isReversed(payment) ? 0 : payment.amount - payment.refunded - payment.refundPending;

/**
 * Whether the gateway may only be late: what was captured or refunded a moment ago may be missing from what
 * it shows. A refund that somebody else made is never missing from our own books for that reason.
 */
export const mayBeGatewayLag = (
  { amount }: Pick<GatewayDifference, 'amount'>,
  { updatedAt }: Payment,
  { now, windowMs }: { readonly now: Date; readonly windowMs: number },
): boolean => amount > 0 && now.getTime() - Date.parse(updatedAt) < windowMs;
