/** Every time that the design speaks of, in one table. */
export interface Timings {
  /** How long the PG may take for one answer. Lies well inside the charger's own timeout. */
  readonly pgTimeoutMs: number;
  /** How long a claim protects a charge from a second charger. Longer than the charger can live. */
  readonly claimLeaseMs: number;
  /** How long the PG may still be working on a charge that it answers with "not found". */
  readonly inFlightWindowMs: number;
  /** How long the PG remembers a key. A charge that is older is never sent: under a forgotten key it might be a second one. */
  readonly gatewayIdempotencyTtlMs: number;
  /** When to inquire after an unknown outcome, counted from the one before. After the last one a person decides. */
  readonly inquiryBackoffMs: readonly number[];
  /** Between two inquiries out of turn about one payment, whoever asks for them. */
  readonly immediateInquiryIntervalMs: number;
  /** When to ask again after a charge that was proved never to have been made, counted from the one before. */
  readonly lateCaptureCheckDelaysMs: readonly number[];
  /** How long a reservation waits for the charger before its event is published again. */
  readonly unclaimedTimeoutMs: number;
  /** How long after its time a payment that did not move is taken to be forgotten. */
  readonly sweepGraceMs: number;
  /** How long a reservation waits for its charge before it is given back. */
  readonly holdExpiryMs: number;
  /** How long a charger leaves a PG alone that takes nothing, before it tries with one charge. */
  readonly circuitOpenMs: number;
  /** How long a charge waits that could not be sent: half its payment's age, between these two. */
  readonly notSentBackoffMs: readonly [least: number, most: number];
  /** How long a message that failed waits before it comes again, by the number of times it was received. */
  readonly redeliveryBackoffMs: readonly number[];
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
    lateCaptureCheckDelaysMs: [10 * second, minute],
    unclaimedTimeoutMs: 30 * second,
    sweepGraceMs: 20 * second,
    holdExpiryMs: 5 * minute,
    circuitOpenMs: 2 * second,
    notSentBackoffMs: [second, 10 * second],
    redeliveryBackoffMs: [second, second, 2 * second, 2 * second],
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
    lateCaptureCheckDelaysMs: [10 * minute, hour, 24 * hour],
    unclaimedTimeoutMs: minute,
    sweepGraceMs: 5 * minute,
    holdExpiryMs: 30 * minute,
    circuitOpenMs: 10 * second,
    notSentBackoffMs: [5 * second, 30 * second],
    redeliveryBackoffMs: [10 * second, minute, 5 * minute, 15 * minute],
  },
} as const satisfies Record<string, Timings>;

export type TimingProfile = keyof typeof timings;

/** Half of the time since then, between the least wait of what could not be sent and the most that a message waits. */
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
