import type { CapturedAmounts } from './payment-gateway.ts';

/** What remains of a capture at the gateway, in minor units; undefined if the response does not state it. */
export const remainingAtGateway = ({
  captured,
  refunded = 0,
}: CapturedAmounts): number | undefined =>
  captured === undefined ? undefined : captured - refunded;

/**
 * The differences of a mismatch other than the amount: with one of these, the capture is not of our payment.
 */
export const nonAmountDifferences = (differences: readonly string[]): string[] =>
  differences.filter((difference) => !difference.startsWith('amount:'));

/** The amounts as text, for evidence. */
export const describeAmounts = ({ captured, refunded = 0 }: CapturedAmounts): string =>
  `captured ${captured ?? 'unknown'}, refunded ${refunded} at the gateway`;
