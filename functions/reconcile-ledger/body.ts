import type { ReconciliationReport } from '../../shared/application/reconciliation/reconcile.ts';
import type { ReconciliationBody } from './operation.ts';

/** Per list; `counts` has the full numbers. */
const maxListed = 100;

const outcomeOf = ({
  discrepancies,
  unstable,
}: ReconciliationReport): ReconciliationBody['outcome'] => {
  if (discrepancies.length > 0) return 'discrepancy';

  return unstable.length > 0 ? 'unstable' : 'reconciled';
};

export const reconciliationBody = (report: ReconciliationReport, at: Date): ReconciliationBody => {
  const { discrepancies, explained, unstable, undecidedPayments: open, disputes, counts } = report;

  return {
    outcome: outcomeOf(report),
    at: at.toISOString(),
    discrepancies: discrepancies.slice(0, maxListed),
    explained: explained.slice(0, maxListed),
    unstable: unstable.slice(0, maxListed),
    undecidedPayments: open.slice(0, maxListed),
    disputes: disputes.slice(0, maxListed),
    counts: {
      ...counts,
      discrepancies: discrepancies.length,
      explained: explained.length,
      unstable: unstable.length,
      undecidedPayments: open.length,
      disputes: disputes.length,
    },
  };
};

/** A partial read reconciles nothing: the sums are valid only as a whole. */
export const limitExceededBody = (at: Date): ReconciliationBody => ({
  outcome: 'limit-exceeded',
  at: at.toISOString(),
  discrepancies: [],
  explained: [],
  unstable: [],
  undecidedPayments: [],
  disputes: [],
  counts: {},
});
