import { isFinalForBuyer, type Payment } from '../../domain/payments/payment.ts';
import { finalStatusObjectiveMs } from '../../observability/metric-catalogue.ts';
import { recordMetric } from '../../observability/metrics.ts';

const hadFinalStatus = (payment: Payment): boolean =>
  payment.history.some(({ to: status }) => isFinalForBuyer({ ...payment, status }));

/**
 * Records how long the buyer waited for the final status, at the first transition to one. A later review is
 * not counted.
 */
export const recordTimeToFinalStatus = (before: Payment, after: Payment): void => {
  if (hadFinalStatus(before) || !isFinalForBuyer(after)) return;
  const elapsedMs = Date.parse(after.updatedAt) - Date.parse(after.createdAt);
  recordMetric('TimeToFinalStatus', elapsedMs, {
    withinObjective: `${elapsedMs <= finalStatusObjectiveMs}`,
  });
};
