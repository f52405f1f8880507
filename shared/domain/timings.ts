/** Every time that the design speaks of, in one table. */
export interface Timings {
  /** How long the PG may take for one answer. Lies well inside the charger's own timeout. */
  readonly pgTimeoutMs: number;
  /** How long a claim protects a charge from a second charger. Longer than the charger can live. */
  readonly claimMs: number;
  /** How long the PG may still be working on a charge that it answers with "not found". */
  readonly inFlightWindowMs: number;
  /** How long the PG remembers a key. A charge that is older is never sent: under a forgotten key it might be a second one. */
  readonly keyLifetimeMs: number;
  /** When to inquire after an unknown outcome, counted from the one before. After the last one a person decides. */
  readonly inquiriesAfterMs: readonly number[];
  /** Between two inquiries out of turn about one payment, whoever asks for them. */
  readonly extraInquiryEveryMs: number;
  /** When to ask again after a charge that was proved never to have been made, counted from the one before. */
  readonly lateChecksAfterMs: readonly number[];
  /** How long a reservation waits for the charger before its event is published again. */
  readonly unclaimedAfterMs: number;
  /** How long after its time a payment that did not move is taken to be forgotten. */
  readonly overdueAfterMs: number;
  /** How long a reservation waits for its charge before it is given back. */
  readonly holdMs: number;
  /** How long a charger leaves a PG alone that takes nothing, before it tries with one charge. */
  readonly pgRestMs: number;
  /** How long a charge waits that could not be sent: half its payment's age, between these two. */
  readonly unsentAfterMs: readonly [least: number, most: number];
  /** How long a message that failed waits before it comes again, by the number of times it was received. */
  readonly redeliverAfterMs: readonly number[];
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

export const timings = {
  local: {
    pgTimeoutMs: 8 * second,
    claimMs: 20 * second,
    inFlightWindowMs: 15 * second,
    keyLifetimeMs: 24 * hour,
    inquiriesAfterMs: [1, 2, 4, 8, 16, 30, 60, 120, 300].map((seconds) => seconds * second),
    extraInquiryEveryMs: 10 * second,
    lateChecksAfterMs: [10 * second, minute],
    unclaimedAfterMs: 30 * second,
    overdueAfterMs: 20 * second,
    holdMs: 5 * minute,
    pgRestMs: 2 * second,
    unsentAfterMs: [second, 10 * second],
    redeliverAfterMs: [second, second, 2 * second, 2 * second],
  },
  cloud: {
    pgTimeoutMs: 20 * second,
    claimMs: 45 * second,
    inFlightWindowMs: 10 * minute,
    keyLifetimeMs: 24 * hour,
    inquiriesAfterMs: [
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
    extraInquiryEveryMs: 10 * second,
    lateChecksAfterMs: [10 * minute, hour, 24 * hour],
    unclaimedAfterMs: minute,
    overdueAfterMs: 5 * minute,
    holdMs: 30 * minute,
    pgRestMs: 10 * second,
    unsentAfterMs: [5 * second, 30 * second],
    redeliverAfterMs: [10 * second, minute, 5 * minute, 15 * minute],
  },
} as const satisfies Record<string, Timings>;

export type TimingProfile = keyof typeof timings;

/** Half of the time since then, between the least wait of what could not be sent and the most that a message waits. */
export const backoffSince = (
  since: string,
  now: Date,
  { unsentAfterMs: [least], redeliverAfterMs }: Pick<Timings, 'unsentAfterMs' | 'redeliverAfterMs'>,
): number => {
  const half = Math.floor((now.getTime() - Date.parse(since)) / 2);

  return Math.min(Math.max(half, least), Math.max(...redeliverAfterMs));
};
