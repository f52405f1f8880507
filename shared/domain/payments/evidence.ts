import { bounds, truncateEntry } from '../bounds.ts';
import type { Evidence } from './payment.ts';

/**
 * Appends a piece of evidence. A repeated observation replaces the earlier one and counts it. Above the
 * bound, the oldest piece is dropped.
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

/** The detail without times and durations. */
const comparableDetail = ({ detail }: Evidence): string =>
  detail.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d+ ms/g, '');
