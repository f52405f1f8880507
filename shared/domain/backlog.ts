import type { Payment } from './payment.ts';
import type { PaymentStatus } from './transitions.ts';

/** What is known of a payment that stands still: enough to say how much of what waits, and for how long. */
export type Waiting = Pick<Payment, 'status' | 'amount' | 'currency' | 'createdAt'>;

/** Where no payment should be for long. */
export const watchedStates = [
  'UNKNOWN',
  'FAILED',
  'IN_REVIEW',
] as const satisfies readonly PaymentStatus[];

/** The payments of one state. */
export interface Backlog {
  readonly state: (typeof watchedStates)[number];
  readonly payments: number;
  /** Since the oldest of them was accepted; 0 where there is none. */
  readonly oldestMs: number;
  /** Minor units by currency. */
  readonly money: Readonly<Record<string, number>>;
}

/** Each watched state with what is in it, also where that is nothing: an alarm must see the end of what rang it. */
export const backlogOf = (waiting: readonly Waiting[], at: Date): Backlog[] =>
  watchedStates.map((state) => {
    const here = waiting.filter(({ status }) => status === state);
    const money: Record<string, number> = {};
    for (const { currency, amount } of here) money[currency] = (money[currency] ?? 0) + amount;
    const ages = here.map(({ createdAt }) => at.getTime() - Date.parse(createdAt));

    return { state, payments: here.length, oldestMs: Math.max(0, ...ages), money };
  });
