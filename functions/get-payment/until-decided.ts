import type { Payments } from '../../shared/data/payments.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { isDecided, type Payment } from '../../shared/domain/payment.ts';

export interface Dependencies {
  readonly payments: Pick<Payments, 'ownedBy'>;
  readonly clock: Clock;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

// A quick approval is seen at once, and a slow one costs about one read a second.
const firstPauseMs = 100;
const longestPauseMs = 1_000;

/** The payment once the buyer can be told how it ended, or as it is when the time is over. */
export const untilDecided =
  ({ payments, clock, pause }: Dependencies) =>
  async (buyer: string, paymentId: string, waitMs: number): Promise<Payment> => {
    const until = clock.now().getTime() + waitMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const payment = await payments.ownedBy(buyer, paymentId);
      const leftMs = until - clock.now().getTime();
      if (isDecided(payment) || leftMs <= 0) return payment;
      await pause(Math.min(pauseMs, leftMs));
    }
  };
