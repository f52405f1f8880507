import { isDecided, type Payment } from '../../domain/payments/payment.ts';
import { decidedWithinMs } from '../../observability/metric-catalogue.ts';
import { measure } from '../../observability/metrics.ts';

const wasDecided = (payment: Payment): boolean =>
  payment.history.some(({ to: status }) => isDecided({ ...payment, status }));

/** Measures how long the buyer had to wait for the final word, where a move says it: once, whatever a review makes of it afterwards. */
export const measureDecision = (before: Payment, after: Payment): void => {
  if (wasDecided(before) || !isDecided(after)) return;
  const took = Date.parse(after.updatedAt) - Date.parse(after.createdAt);
  measure('DecisionLatency', took, { decided: took <= decidedWithinMs ? 'in time' : 'late' });
};
