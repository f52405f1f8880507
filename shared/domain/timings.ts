/** All time settings of the service. */
export interface Timings {
  /** Timeout of one gateway call. Well below the charger's own timeout. */
  readonly pgTimeoutMs: number;
  /** Lease of a claim, which keeps other chargers away. Longer than the charger's own timeout. */
  readonly claimLeaseMs: number;
  /** How long the gateway may still process a charge for which it answers "not found". */
  readonly inFlightWindowMs: number;
  /** How long the gateway keeps an idempotency key. An older charge is never sent: it could charge twice. */
  readonly gatewayIdempotencyTtlMs: number;
  /** Delays between inquiries about an unknown outcome. After the last one an operator decides. */
  readonly inquiryBackoffMs: readonly number[];
  /** Minimum interval between immediate inquiries about one payment. */
  readonly immediateInquiryIntervalMs: number;
  /** The same while the gateway waits for the buyer, who looks at a page until the answer is known. */
  readonly actionInquiryIntervalMs: number;
  /** Delays between late-capture checks after a charge that the gateway does not have. */
  readonly lateCaptureCheckDelaysMs: readonly number[];
  /** How long a reservation waits for the charger before the sweeper publishes its event again. */
  readonly unclaimedTimeoutMs: number;
  /** How long after its due time an unchanged payment counts as stuck. */
  readonly sweepGraceMs: number;
  /** How long a reservation waits for its charge before its hold expires. */
  readonly holdExpiryMs: number;
  /**
   * How long after its claim a charge may wait for its buyer, if the gateway states no earlier limit. Then the
   * inquirer cancels it at the gateway. Longer than a claim's lease, because the charger must have stored the
   * gateway's answer by then; with the inquiries after it well below `gatewayIdempotencyTtlMs`, because the
   * cancellation may have to close the key of the charge.
   */
  readonly actionExpiryMs: number;
  /** How long the charger's circuit breaker stays open before it tries one charge. */
  readonly circuitOpenMs: number;
  /** Backoff of a charge that was not sent: half the payment's age, between these two. */
  readonly notSentBackoffMs: readonly [min: number, max: number];
  /** Backoff of a failed message, by receive count. */
  readonly redeliveryBackoffMs: readonly number[];
  /** How old the best sellers may be that a process has in memory. */
  readonly rankingsMaxAgeMs: number;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

export const timings = {
  local: {
    pgTimeoutMs: 8 * second,
    claimLeaseMs: 20 * second,
    inFlightWindowMs: 15 * second,
    gatewayIdempotencyTtlMs: 24 * hour,
    inquiryBackoffMs: [1, 2, 4, 8, 16, 30, 60, 120, 300].map((seconds) => seconds * second),
    immediateInquiryIntervalMs: 10 * second,
    actionInquiryIntervalMs: 2 * second,
    lateCaptureCheckDelaysMs: [10 * second, minute],
    unclaimedTimeoutMs: 30 * second,
    sweepGraceMs: 20 * second,
    holdExpiryMs: 5 * minute,
    actionExpiryMs: 2 * minute,
    circuitOpenMs: 2 * second,
    notSentBackoffMs: [second, 10 * second],
    redeliveryBackoffMs: [second, second, 2 * second, 2 * second],
    rankingsMaxAgeMs: second,
  },
  cloud: {
    pgTimeoutMs: 20 * second,
    claimLeaseMs: 45 * second,
    inFlightWindowMs: 10 * minute,
    gatewayIdempotencyTtlMs: 24 * hour,
    inquiryBackoffMs: [
      3 * second,
      10 * second,
      30 * second,
      minute,
      2 * minute,
      5 * minute,
      15 * minute,
      hour,
      6 * hour,
      24 * hour,
    ],
    immediateInquiryIntervalMs: 10 * second,
    actionInquiryIntervalMs: 2 * second,
    lateCaptureCheckDelaysMs: [10 * minute, hour, 24 * hour],
    unclaimedTimeoutMs: minute,
    sweepGraceMs: 5 * minute,
    holdExpiryMs: 30 * minute,
    actionExpiryMs: 15 * minute,
    circuitOpenMs: 10 * second,
    notSentBackoffMs: [5 * second, 30 * second],
    redeliveryBackoffMs: [10 * second, minute, 5 * minute, 15 * minute],
    rankingsMaxAgeMs: minute,
  },
} as const satisfies Record<string, Timings>;

export type TimingProfile = keyof typeof timings;

/** Half the age, at least the minimum of `notSentBackoffMs` and at most the longest redelivery backoff. */
export const ageBasedBackoffMs = (
  since: string,
  now: Date,
  {
    notSentBackoffMs: [min],
    redeliveryBackoffMs,
  }: Pick<Timings, 'notSentBackoffMs' | 'redeliveryBackoffMs'>,
): number => {
  const half = Math.floor((now.getTime() - Date.parse(since)) / 2);

  return Math.min(Math.max(half, min), Math.max(...redeliveryBackoffMs));
};
