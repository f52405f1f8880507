import type { CapturedAmounts } from './payment-gateway.ts';

/** What is left of a capture at the gateway, in minor units; undefined where its answer does not say. */
export const remainingAtGateway = ({
  captured,
  refunded = 0,
}: CapturedAmounts): number | undefined =>
  captured === undefined ? undefined : captured - refunded;

/** The amounts in words, for evidence. */
export const describeAmounts = ({ captured, refunded = 0 }: CapturedAmounts): string =>
  `captured ${captured ?? 'unknown'}, refunded ${refunded} at the gateway`;
