import { spreadOf } from '../measure/statistics.ts';
import type { Counter } from './counter.ts';
import type { BatchedCounts, Counts } from './counts.ts';
import { type PaymentKind, paymentKinds } from './kinds.ts';

/** The payments of a batch, as in the bill. */
export const batchSize = 10;

/** The time in which batches fill: longer than this machine needs to accept the payments of a batch. */
export const batchMs = 500;

/** The payments until the code of every function on their way is optimized. */
const warmUpPayments = 500;
const concurrentPayments = 100;

/** Pays until the functions of an approved payment run optimized code. */
export const warmUp = async (counter: Counter, signal: AbortSignal): Promise<void> => {
  const [approved] = paymentKinds;
  for (let paid = 0; paid < warmUpPayments; paid += concurrentPayments) {
    signal.throwIfAborted();
    await counter.count(approved as PaymentKind, concurrentPayments);
  }
};

/** A function's counts of a batch, for each of its payments. */
export const perPayment = (
  { functions }: Pick<Counts, 'functions'>,
  payments: number,
): Readonly<Record<string, BatchedCounts>> =>
  Object.fromEntries(
    Object.entries(functions).map(([folder, { cpuMs, logBytes }]) => [
      folder,
      { cpuMs: cpuMs / payments, logBytes: logBytes / payments },
    ]),
  );

/** The median of several batches. */
export const medianOf = (
  batches: readonly Readonly<Record<string, BatchedCounts>>[],
): Readonly<Record<string, BatchedCounts>> => {
  const median = (folder: string, what: keyof BatchedCounts) =>
    Math.round(100 * spreadOf(batches.flatMap((one) => one[folder]?.[what] ?? [])).median) / 100;

  return Object.fromEntries(
    [...new Set(batches.flatMap((one) => Object.keys(one)))].map((folder) => [
      folder,
      { cpuMs: median(folder, 'cpuMs'), logBytes: median(folder, 'logBytes') },
    ]),
  );
};

/** The batches until the functions of a kind are warm, and the measured ones after that. */
const warmUpBatches = 1;
const measuredBatches = 3;

/** Counts payments of one kind in batches, and returns the median for each payment. */
export const countInBatches = async (counter: Counter, kind: PaymentKind, signal: AbortSignal) => {
  const batches: Readonly<Record<string, BatchedCounts>>[] = [];
  for (let turn = 0; turn < warmUpBatches + measuredBatches; turn += 1) {
    signal.throwIfAborted();
    batches.push(perPayment(await counter.count(kind, batchSize), batchSize));
  }

  return medianOf(batches.slice(warmUpBatches));
};
