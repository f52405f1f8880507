import type { Mended } from './recover-payment.ts';

/** The event that it needs cannot be built: a review says so, and it is not due any more. */
export type Unbuilt = 'EVENT_NOT_BUILT';

type State = Mended | 'failed';

/** How many were found in which state, and what kept any from being mended. */
export interface Swept {
  readonly found: Partial<Record<State, number>>;
  /** Of those, how many should have moved without a sweeper. */
  readonly overdue: number;
  /** How many were found, at least, that there was no time for. */
  readonly left: number;
  readonly faults: readonly string[];
}

/** The PG may be asked about the others hours from now, and a sweep is what asks. */
const forgotten: readonly State[] = [
  'RESERVED',
  'CHARGING',
  'FAILED',
  'IN_REVIEW',
  'COMPLETED',
  'REFUND_UNASKED',
  'REFUND_UNLISTED',
  'failed',
];

const stateOf = (mended: PromiseSettledResult<Mended>): State =>
  mended.status === 'fulfilled' ? mended.value : 'failed';

/** The count of a sweep. */
export const told = (mended: readonly PromiseSettledResult<Mended>[], left = 0): Swept => {
  const states = mended.map(stateOf);
  const found: Partial<Record<State, number>> = {};
  for (const state of states) found[state] = (found[state] ?? 0) + 1;

  return {
    found,
    overdue: states.filter((state) => forgotten.includes(state)).length,
    left,
    faults: mended.flatMap((one) => (one.status === 'rejected' ? `${one.reason}` : [])),
  };
};
