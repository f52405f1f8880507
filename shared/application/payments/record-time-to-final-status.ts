import { canaryBuyer } from '../../domain/canary.ts';
import { isFinalForBuyer } from '../../domain/payments/buyer-status.ts';
import type { Payment, PaymentStatus } from '../../domain/payments/payment.ts';
import { finalStatusObjectiveMs } from '../../observability/metric-catalogue.ts';
import { recordMetric } from '../../observability/metrics.ts';

const hadFinalStatus = (payment: Payment): boolean =>
  payment.history.some(({ to: status }) => isFinalForBuyer({ ...payment, status }));

/**
 * When the service began to work on the payment: it was accepted with a payment method, or the last one was
 * provided. Undefined if it has waited for its buyer since.
 */
const begunAt = ({ history }: Payment): string | undefined => {
  const last = history.findLast(
    ({ from, to }) => buyersTurn.includes(to) || from === undefined || from === 'REQUIRES_METHOD',
  );

  return last?.to === 'RESERVED' ? last.at : undefined;
};

const buyersTurn: readonly PaymentStatus[] = ['REQUIRES_METHOD', 'REQUIRES_ACTION'];

/**
 * Records how long the buyer waited for the final status, at the first transition to one. A later review is
 * not counted, and a payment that waited for its buyer only from the time when that ended. A canary payment is not
 * counted: it needs no gateway, so it would dilute the share of late payments.
 */
export const recordTimeToFinalStatus = (before: Payment, after: Payment): void => {
  if (before.userId === canaryBuyer) return;
  if (hadFinalStatus(before) || !isFinalForBuyer(after)) return;
  const begun = begunAt(before);
  if (begun === undefined) return;
  const elapsedMs = Date.parse(after.updatedAt) - Date.parse(begun);
  recordMetric('TimeToFinalStatus', elapsedMs, {
    withinObjective: `${elapsedMs <= finalStatusObjectiveMs}`,
  });
};
