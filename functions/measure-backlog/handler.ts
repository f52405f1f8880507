import type { Clock } from '../../shared/domain/clock.ts';
import { type Backlog, backlogOf, type Waiting } from '../../shared/domain/payments/backlog.ts';
import { measure } from '../../shared/observability/metrics.ts';

interface Dependencies {
  readonly waiting: () => Promise<readonly Waiting[]>;
  readonly inReview: () => Promise<readonly Waiting[]>;
  readonly clock: Clock;
}

/** Measures how many payments (and of those under review, refunds too) stand where none should for long, since when, and how much money they hold. It changes nothing. */
export const measureBacklog =
  ({ waiting, inReview, clock }: Dependencies) =>
  async (): Promise<readonly Backlog[]> => {
    const [due, open] = await Promise.all([waiting(), inReview()]);
    const backlog = backlogOf([...due, ...open], clock.now());
    for (const { state, payments, oldestMs, money } of backlog) {
      measure('PaymentsWaiting', payments, { state });
      measure('OldestWaiting', Math.round(oldestMs / 1_000), { state });
      for (const { currency, amount } of money)
        measure('MoneyWaiting', amount, { state, currency });
    }

    return backlog;
  };
