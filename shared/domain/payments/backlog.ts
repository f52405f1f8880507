import type { Payment, PaymentStatus } from './payment.ts';

/** What is known of a payment that stands still: enough to say how much of what waits, and for how long. */
export type BacklogItem = Pick<Payment, 'status' | 'amount' | 'currency' | 'createdAt'>;

/** Where no payment should be for long. */
export const monitoredStatuses = [
  'UNKNOWN',
  'FAILED',
  'IN_REVIEW',
] as const satisfies readonly PaymentStatus[];

/** The payments of one state. */
export interface Backlog {
  readonly state: (typeof monitoredStatuses)[number];
  readonly payments: number;
  /** Since the oldest of them was accepted; 0 where there is none. */
  readonly oldestAgeMs: number;
  /** Minor units, one entry a currency. */
  readonly amountByCurrency: readonly { readonly currency: string; readonly amount: number }[];
}

/** Each watched state with what is in it, also where that is nothing: an alarm must see the end of what rang it. */
export const summarizeBacklog = (items: readonly BacklogItem[], at: Date): Backlog[] =>
  monitoredStatuses.map((state) => {
    const inStatus = items.filter(({ status }) => status === state);
    const sums = new Map<string, number>();
    for (const { currency, amount } of inStatus) {
      if (Number.isSafeInteger(amount)) sums.set(currency, (sums.get(currency) ?? 0) + amount);
    }
    const amountByCurrency = [...sums].map(([currency, amount]) => ({ currency, amount }));
    // One whose item cannot be read is counted, and says neither its age nor its money.
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
