import { boundedEntry, bounds } from '../bounds.ts';
import type { Evidence } from './payment.ts';

/**
 * Evidence with one piece more, within its bound. What says the same as an earlier piece takes its place and counts it; where there are too
 * many, the oldest gives way.
 */
export const withEvidence = (
  evidence: readonly Evidence[],
  seen: Evidence,
): readonly Evidence[] => {
  const latest = boundedEntry(seen);
  const same = evidence.find((earlier) => saysTheSame(earlier, latest));
  const others = evidence.filter((earlier) => earlier !== same);
  const counted = same
    ? { ...latest, firstAt: same.firstAt ?? same.at, times: (same.times ?? 1) + 1 }
    : latest;

  return [...others, counted].slice(-bounds.evidence);
};

const saysTheSame = (one: Evidence, other: Evidence): boolean =>
  one.by === other.by && one.wish?.by === other.wish?.by && gistOf(one) === gistOf(other);

/** An answer is the same an hour later: times and durations are left out. */
const gistOf = ({ detail }: Evidence): string =>
  detail.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d+ ms/g, '');
