import { bounds, truncateEntry } from '../bounds.ts';
import type { Evidence } from './payment.ts';

/**
 * Evidence with one piece more, within its bound. What says the same as an earlier piece takes its place and counts it; where there are too
 * many, the oldest gives way.
 */
export const appendEvidence = (
  evidence: readonly Evidence[],
  observation: Evidence,
): readonly Evidence[] => {
  const latest = truncateEntry(observation);
  const same = evidence.find((earlier) => isSameEvidence(earlier, latest));
  const others = evidence.filter((earlier) => earlier !== same);
  const counted = same
    ? {
        ...latest,
        firstSeenAt: same.firstSeenAt ?? same.at,
        occurrences: (same.occurrences ?? 1) + 1,
      }
    : latest;

  return [...others, counted].slice(-bounds.evidence);
};

const isSameEvidence = (one: Evidence, other: Evidence): boolean =>
  one.by === other.by &&
  one.trigger?.source === other.trigger?.source &&
  comparableDetail(one) === comparableDetail(other);

/** An answer is the same an hour later: times and durations are left out. */
const comparableDetail = ({ detail }: Evidence): string =>
  detail.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d+ ms/g, '');
