import { isFinalForBuyer, type Payment } from '../../domain/payments/payment.ts';
import { finalStatusObjectiveMs } from '../../observability/metric-catalogue.ts';
import { recordMetric } from '../../observability/metrics.ts';

const hadFinalStatus = (payment: Payment): boolean =>
  payment.history.some(({ to: status }) => isFinalForBuyer({ ...payment, status }));

/** Measures how long the buyer had to wait for the final word, where a move says it: once, whatever a review makes of it afterwards. */
export const recordTimeToFinalStatus = (before: Payment, after: Payment): void => {
  if (hadFinalStatus(before) || !isFinalForBuyer(after)) return;
  const elapsedMs = Date.parse(after.updatedAt) - Date.parse(after.createdAt);
  recordMetric('TimeToFinalStatus', elapsedMs, {
    withinObjective: `${elapsedMs <= finalStatusObjectiveMs}`,
  });
};
