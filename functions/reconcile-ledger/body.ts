import type { Proof } from '../../shared/application/reconciliation/reconcile.ts';
import type { LedgerBody } from './operation.ts';

/** Of each list; the counts say how many there are. */
const most = 100;

const outcomeOf = ({ disagreements, unsettled }: Proof): LedgerBody['outcome'] => {
  if (disagreements.length > 0) return 'disagreement';

  return unsettled.length > 0 ? 'in-motion' : 'proved';
};

export const ledgerBody = (proof: Proof, at: Date): LedgerBody => {
  const { disagreements, explained, unsettled, open, counts } = proof;

  return {
    outcome: outcomeOf(proof),
    at: at.toISOString(),
    disagreements: disagreements.slice(0, most),
    explained: explained.slice(0, most),
    unsettled: unsettled.slice(0, most),
    open: open.slice(0, most),
    counts: {
      ...counts,
      disagreements: disagreements.length,
      explained: explained.length,
      unsettled: unsettled.length,
      open: open.length,
    },
  };
};

/** A part of the books proves nothing: sums are right or wrong as a whole. */
export const tooMuchBody = (at: Date): LedgerBody => ({
  outcome: 'too-much',
  at: at.toISOString(),
  disagreements: [],
  explained: [],
  unsettled: [],
  open: [],
  counts: {},
});
