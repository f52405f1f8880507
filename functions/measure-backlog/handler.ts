import {
  type Backlog,
  type BacklogItem,
  summarizeBacklog,
} from '../../shared/domain/payments/backlog.ts';
import type { Clock } from '../../shared/domain/time.ts';
import { recordMetric } from '../../shared/observability/metrics.ts';

interface Dependencies {
  readonly findPendingPayments: () => Promise<readonly BacklogItem[]>;
  readonly findOpenReviews: () => Promise<readonly BacklogItem[]>;
  readonly clock: Clock;
}

/**
 * Measures the backlog by state: how many payments (under review also refunds) are stuck, the age of the
 * oldest, and the amount that they hold. Changes nothing.
 */
export const measureBacklog =
  ({ findPendingPayments, findOpenReviews, clock }: Dependencies) =>
  async (): Promise<readonly Backlog[]> => {
    const [due, open] = await Promise.all([findPendingPayments(), findOpenReviews()]);
    const backlog = summarizeBacklog([...due, ...open], clock.now());
    for (const { state, payments, oldestAgeMs: oldestMs, amountByCurrency: money } of backlog) {
      recordMetric('BacklogPayments', payments, { state });
      recordMetric('BacklogOldestAge', Math.round(oldestMs / 1_000), { state });
      for (const { currency, amount } of money)
        recordMetric('BacklogAmount', amount, { state, currency });
    }

    return backlog;
  };
