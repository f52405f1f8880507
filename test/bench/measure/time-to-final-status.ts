import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { type createClient, scanAll } from '../database/tables.ts';

/** What is read of a payment after a run. */
export type PaidPayment = Pick<
  Payment,
  'paymentId' | 'orderId' | 'userId' | 'status' | 'amount' | 'createdAt' | 'updatedAt'
> & { readonly history: readonly Pick<Payment['history'][number], 'at' | 'to'>[] };

export const paymentsOf = (db: ReturnType<typeof createClient>): Promise<PaidPayment[]> =>
  scanAll<PaidPayment>(db, 'Payments', [
    'paymentId',
    'orderId',
    'userId',
    'status',
    'amount',
    'createdAt',
    'updatedAt',
    'history',
  ]);

/** Of payments that were completed, by their journals: medians in milliseconds. */
export interface Stages {
  /** From the accept to the claim: of the synchronous form the transaction that reserves. */
  readonly untilClaimedMs: number;
  /** From the claim to the PG's answer. */
  readonly untilChargedMs: number;
}

/** How long payments took from their accept to the final word. */
export interface FinalStatusTimes {
  /** Payments accepted in the window. */
  readonly accepted: number;
  readonly completed: number;
  /** Of those accepted, the part that was completed within 30 s. */
  readonly within30s: number;
  /** Of those completed, where there were any. */
  readonly medianMs?: number;
  readonly p99Ms?: number;
  /** Of those accepted, the part that was completed so soon. */
  readonly curve: readonly { readonly seconds: number; readonly part: number }[];
}

const objectiveMs = 30_000;

const curveSeconds = Array.from({ length: 81 }, (_, half) => half / 2);

/** The value below which so large a part of the sorted numbers lies; NaN of none. */
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

/** Whether a time lies in the window, whose beginning is told by the first payment. */
const createWindowCheck = (
  times: ReturnType<typeof timesOf>,
  { warmUpS, windowS }: Window,
): ((at: number | undefined) => boolean) => {
  const first = times.reduce((least, { createdAt }) => Math.min(least, createdAt), Infinity);
  const from = first + warmUpS * 1_000;

  return (at) => at !== undefined && at >= from && at < from + windowS * 1_000;
};

/** Completed in the window, whenever they were accepted, a second. */
export const completedPerSecond = (payments: readonly PaidPayment[], window: Window): number => {
  const times = timesOf(payments);
  const isInside = createWindowCheck(times, window);

  return times.filter(({ completedAt }) => isInside(completedAt)).length / window.windowS;
};

/** Holds payments against the promise. Times are the service's own: from the write that accepted to the write that completed. */
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

/** How long each part of the way took, of payments that were accepted in the window and completed; undefined where there were none. */
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
