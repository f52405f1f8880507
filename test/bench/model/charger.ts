import { latencies } from './latencies.ts';

/** The number of concurrent batches: AWS's standard scaling up to a maximum, or provisioned pollers. */
export type Pollers =
  | { readonly kind: 'standard'; readonly most: number }
  | { readonly kind: 'provisioned'; readonly least: number; readonly most: number };

export interface ChargerSettings {
  readonly batchSize: number;
  /** The batching window. */
  readonly windowMs: number;
  readonly pollers: Pollers;
  /** Milliseconds of computing per payment, on the function's share of a processor. */
  readonly msOfAPayment: number;
  /** Whether the queue has already scaled to all its batches. */
  readonly isWarm: boolean;
}

export interface ChargerResult {
  /** The time at which each message's payment is final, in the order of the messages. */
  readonly finalAt: readonly number[];
  readonly batches: number;
  /** The maximum number of concurrent batches. */
  readonly peak: number;
}

const minuteMs = 60_000;

/** The number of concurrent batches at a time after the queue became active. */
export const maxBatchesAt = (pollers: Pollers, ms: number, isWarm: boolean): number => {
  const a = latencies;
  if (pollers.kind === 'standard') {
    const most = Math.min(pollers.most, a.maxBatches.value);
    if (isWarm) return most;

    return Math.min(most, a.initialBatches.value + (a.addedBatchesPerMinute.value * ms) / minuteMs);
  }
  const most = pollers.most * a.batchesPerPoller.value;
  if (isWarm) return most;
  const growth = a.addedBatchesPerMinute.value * a.provisionedGrowthFactor.value;

  return Math.min(most, pollers.least * a.batchesPerPoller.value + (growth * ms) / minuteMs);
};

/** An idle queue has five receivers; each collects its own batch. */
const receiverCount = latencies.initialBatches.value;

interface Batch {
  readonly messages: number[];
  readonly readyAt: number;
}

/** The batches that the receivers of a queue without backlog collect, as indexes of messages. */
const gatherBatches = (
  arrivals: readonly number[],
  { batchSize, windowMs }: Pick<ChargerSettings, 'batchSize' | 'windowMs'>,
): Batch[] => {
  const gatherMs = Math.max(windowMs, latencies.receiveMs.value);
  const open: (Batch & { readonly since: number })[] = [];
  const done: Batch[] = [];
  let turn = 0;
  for (const [message, at] of arrivals.entries()) {
    for (let index = open.length - 1; index >= 0; index -= 1) {
      const one = open[index] as (typeof open)[number];
      if (one.since + gatherMs > at) continue;
      done.push({ messages: one.messages, readyAt: one.since + gatherMs });
      open.splice(index, 1);
    }
    if (open.length < receiverCount) {
      open.push({ messages: [message], since: at, readyAt: at + gatherMs });
    } else {
      turn = (turn + 1) % open.length;
      const one = open[turn] as (typeof open)[number];
      one.messages.push(message);
      if (one.messages.length === batchSize) {
        done.push({ messages: one.messages, readyAt: at });
        open.splice(turn, 1);
      }
    }
  }

  return [...done, ...open].sort((a, b) => a.readyAt - b.readyAt);
};

/** Milliseconds of a batch before and after the gateway call: read and claim, then settlement. */
const beforePgMs = 2 * latencies.dynamoMs.value;
const afterPgMs = latencies.dynamoTransactionMs.value;

/** Processes a queue whose messages arrive at the given times, in order. */
export const simulateCharger = (
  arrivals: readonly number[],
  settings: ChargerSettings,
): ChargerResult => {
  const { batchSize, msOfAPayment, pollers, isWarm } = settings;
  const finalAt: number[] = new Array(arrivals.length).fill(Number.NaN);
  const wokeAt = arrivals[0] ?? 0;
  const free: number[] = [];
  let slots = 0;
  let batches = 0;
  const waiting = gatherBatches(arrivals, settings);

  for (let next = 0; next < waiting.length; ) {
    const first = waiting[next] as Batch;
    const { beginAt, isNew } = findSlot(free, slots, first.readyAt, (at) =>
      maxBatchesAt(pollers, at - wokeAt, isWarm),
    );
    if (isNew) slots += 1;
    // With a backlog, batches are full.
    const messages = [...first.messages];
    next += 1;
    while (next < waiting.length && (waiting[next] as Batch).readyAt <= beginAt) {
      const more = (waiting[next] as Batch).messages;
      if (messages.length + more.length > batchSize) break;
      messages.push(...more);
      next += 1;
    }
    const cold = isNew && !isWarm ? latencies.coldStartMs.value : 0;
    const computing = messages.length * msOfAPayment;
    const endAt = beginAt + cold + beforePgMs + computing + latencies.pgMs.value + afterPgMs;
    for (const message of messages) finalAt[message] = endAt;
    push(free, endAt);
    batches += 1;
  }

  return { finalAt, batches, peak: slots };
};

/** The earliest time at which a batch gets an environment: an idle one, or a new one if the limit allows it. */
const findSlot = (
  free: number[],
  slots: number,
  readyAt: number,
  allowed: (at: number) => number,
): { beginAt: number; isNew: boolean } => {
  const soonest = free[0] ?? Number.POSITIVE_INFINITY;
  if (soonest <= readyAt) {
    pop(free);

    return { beginAt: readyAt, isNew: false };
  }
  const stepMs = 10;
  for (let at = readyAt; at < soonest; at += stepMs) {
    if (slots + 1 <= allowed(at)) return { beginAt: at, isNew: true };
    if (soonest === Number.POSITIVE_INFINITY) continue;
    // The limit is reached: wait for an idle environment.
    if (allowed(at) === allowed(at + 60_000)) break;
  }
  pop(free);

  return { beginAt: soonest, isNew: false };
};

const push = (heap: number[], value: number): void => {
  let index = heap.push(value) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if ((heap[parent] as number) <= value) break;
    heap[index] = heap[parent] as number;
    index = parent;
  }
  heap[index] = value;
};

const pop = (heap: number[]): void => {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) {
      child += 1;
    }
    if ((heap[child] as number) >= last) break;
    heap[index] = heap[child] as number;
    index = child;
  }
  heap[index] = last;
};
