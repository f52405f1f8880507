import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { type createClient, scanAll } from '../database/tables.ts';

/** The attributes of a payment that are read after a run. */
export type PaidPayment = Pick<
  Payment,
  | 'paymentId'
  | 'orderId'
  | 'userId'
  | 'status'
  | 'amount'
  | 'gatewayAmount'
  | 'createdAt'
  | 'updatedAt'
> & { readonly history: readonly Pick<Payment['history'][number], 'at' | 'to'>[] };

export const paymentsOf = (db: ReturnType<typeof createClient>): Promise<PaidPayment[]> =>
  scanAll<PaidPayment>(db, 'Payments', [
    'paymentId',
    'orderId',
    'userId',
    'status',
    'amount',
    'gatewayAmount',
    'createdAt',
    'updatedAt',
    'history',
  ]);

/** The stages of completed payments by their histories: medians in milliseconds. */
export interface Stages {
  /** From the accept to the claim; in the synchronous form, the reserving transaction. */
  readonly untilClaimedMs: number;
  /** From the claim to the gateway's response. */
  readonly untilChargedMs: number;
}

/** The times of payments from their accept to the final status. */
export interface FinalStatusTimes {
  /** The number of payments accepted in the window. */
  readonly accepted: number;
  readonly completed: number;
  /** The share of accepted payments that completed within 30 s. */
  readonly within30s: number;
  /** Of the completed payments, if there are any. */
  readonly medianMs?: number;
  readonly p99Ms?: number;
  /** The share of accepted payments that completed within each number of seconds. */
  readonly curve: readonly { readonly seconds: number; readonly part: number }[];
}

const objectiveMs = 30_000;

const curveSeconds = Array.from({ length: 81 }, (_, half) => half / 2);

/** The quantile of sorted numbers; NaN if there are none. */
export const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? Number.NaN;

interface Window {
  readonly warmUpS: number;
  readonly windowS: number;
}

const timesOf = (payments: readonly PaidPayment[]) =>
  payments.map(({ status, createdAt, updatedAt }) => ({
    createdAt: Date.parse(createdAt),
    completedAt: status === 'COMPLETED' ? Date.parse(updatedAt) : undefined,
  }));

/** Whether a time is in the window, which starts after the warm-up from the first payment on. */
const createWindowCheck = (
  times: ReturnType<typeof timesOf>,
  { warmUpS, windowS }: Window,
): ((at: number | undefined) => boolean) => {
  const first = times.reduce((least, { createdAt }) => Math.min(least, createdAt), Infinity);
  const from = first + warmUpS * 1_000;

  return (at) => at !== undefined && at >= from && at < from + windowS * 1_000;
};

/** Payments completed per second in the window, whenever they were accepted. */
export const completedPerSecond = (payments: readonly PaidPayment[], window: Window): number => {
  const times = timesOf(payments);
  const isInside = createWindowCheck(times, window);

  return times.filter(({ completedAt }) => isInside(completedAt)).length / window.windowS;
};

/**
 * Compares payments with the service-level objective, by the service's own times: from the accepting to the
 * completing write.
 */
export const finalStatusTimes = (
  payments: readonly PaidPayment[],
  window: Window,
): FinalStatusTimes => {
  const times = timesOf(payments);
  const isInside = createWindowCheck(times, window);
  const accepted = times.filter(({ createdAt }) => isInside(createdAt));
  const took = accepted
    .flatMap(({ createdAt, completedAt }) =>
      completedAt === undefined ? [] : [completedAt - createdAt],
    )
    .sort((a, b) => a - b);
  const partWithin = (ms: number) => took.filter((each) => each <= ms).length / accepted.length;

  return {
    accepted: accepted.length,
    completed: took.length,
    within30s: partWithin(objectiveMs),
    ...(took.length > 0 && { medianMs: quantile(took, 0.5), p99Ms: quantile(took, 0.99) }),
    curve: curveSeconds.map((seconds) => ({ seconds, part: partWithin(seconds * 1_000) })),
  };
};

/** The stage times of payments that were accepted in the window and completed; undefined if there are none. */
export const stagesOf = (payments: readonly PaidPayment[], window: Window): Stages | undefined => {
  const isInside = createWindowCheck(timesOf(payments), window);
  const took = payments
    .filter(({ status, createdAt }) => status === 'COMPLETED' && isInside(Date.parse(createdAt)))
    .map(({ createdAt, history }) => {
      const at = (state: string) =>
        Date.parse(history.findLast(({ to }) => to === state)?.at ?? '');
      const claimedAt = at('CHARGING');

      return {
        untilClaimed: claimedAt - Date.parse(createdAt),
        untilCharged: at('COMPLETED') - claimedAt,
      };
    });
  if (took.length === 0) return undefined;
  const median = (values: readonly number[]) =>
    quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    );

  return {
    untilClaimedMs: median(took.map(({ untilClaimed }) => untilClaimed)),
    untilChargedMs: median(took.map(({ untilCharged }) => untilCharged)),
  };
};
