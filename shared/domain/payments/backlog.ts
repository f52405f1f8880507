import type { Payment, PaymentStatus } from './payment.ts';

/** The fields of a payment that the backlog counts. */
export type BacklogItem = Pick<Payment, 'status' | 'amount' | 'currency' | 'createdAt'>;

/** Statuses in which no payment should stay long, and those in which it waits for its buyer. */
export const monitoredStatuses = [
  'REQUIRES_METHOD',
  'REQUIRES_ACTION',
  'UNKNOWN',
  'FAILED',
  'IN_REVIEW',
] as const satisfies readonly PaymentStatus[];

/** The payments in one status. */
export interface Backlog {
  readonly state: (typeof monitoredStatuses)[number];
  readonly payments: number;
  /** Time since the oldest one was accepted; 0 if there is none. */
  readonly oldestAgeMs: number;
  /** Minor units, one entry per currency. */
  readonly amountByCurrency: readonly { readonly currency: string; readonly amount: number }[];
}

/** Summarizes every monitored status, including empty ones, so that an alarm can end. */
export const summarizeBacklog = (items: readonly BacklogItem[], at: Date): Backlog[] =>
  monitoredStatuses.map((state) => {
    const inStatus = items.filter(({ status }) => status === state);
    const sums = new Map<string, number>();
    for (const { currency, amount } of inStatus) {
      if (Number.isSafeInteger(amount)) sums.set(currency, (sums.get(currency) ?? 0) + amount);
    }
    const amountByCurrency = [...sums].map(([currency, amount]) => ({ currency, amount }));
    // A payment with an invalid age or amount still counts.
    const ages = inStatus
      .map(({ createdAt }) => at.getTime() - Date.parse(createdAt))
      .filter((age) => !Number.isNaN(age));

    return {
      state,
      payments: inStatus.length,
      oldestAgeMs: Math.max(0, ...ages),
      amountByCurrency,
    };
  });
