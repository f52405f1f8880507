import { latencies } from './latencies.ts';

/** How many batches may be at work: AWS's own ramp up to a bound, or pollers that are paid for. */
export type Pollers =
  | { readonly kind: 'standard'; readonly most: number }
  | { readonly kind: 'provisioned'; readonly least: number; readonly most: number };

export interface ChargerSettings {
  readonly batchSize: number;
  /** How long a batch waits to be full. */
  readonly windowMs: number;
  readonly pollers: Pollers;
  /** Milliseconds of computing for a payment, on the function's own part of a processor. */
  readonly msOfAPayment: number;
  /** Whether the queue has been busy for long enough to have all its batches at work. */
  readonly isWarm: boolean;
}

export interface ChargerResult {
  /** When each message's payment is final, in the order of the messages. */
  readonly finalAt: readonly number[];
  readonly batches: number;
  /** Batches at work at a time, at most. */
  readonly peak: number;
}

const minuteMs = 60_000;

/** Batches that may be at work so long after the queue woke up. */
export const maxBatchesAt = (pollers: Pollers, ms: number, isWarm: boolean): number => {
  const a = latencies;
  if (pollers.kind === 'standard') {
    const most = Math.min(pollers.most, a.mostBatches.value);
    if (isWarm) return most;

    return Math.min(most, a.batchesAtFirst.value + (a.batchesMoreAMinute.value * ms) / minuteMs);
  }
  const most = pollers.most * a.batchesOfAPoller.value;
  if (isWarm) return most;
  const growth = a.batchesMoreAMinute.value * a.provisionedGrowsTimes.value;

  return Math.min(most, pollers.least * a.batchesOfAPoller.value + (growth * ms) / minuteMs);
};

/** Five receive at a time where there is little to do, and each of them gathers a batch of its own. */
const receiverCount = latencies.batchesAtFirst.value;

interface Batch {
  readonly messages: number[];
  readonly readyAt: number;
}

/** What the receivers gather of a queue that is never behind. Messages are named by their place in the order. */
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

/** Milliseconds of a batch before and after the PG: key and claim, then settlement and answer. */
const beforePgMs = 3 * latencies.dynamoMs.value;
const afterPgMs = latencies.dynamoTransactionMs.value + latencies.dynamoMs.value;

/** Works off a queue to which messages come at these times, in order. */
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
    // Behind, a batch is as full as it may be.
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

/** The earliest time at which a batch finds an environment: one that is free, or a new one where another is allowed. */
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
    // Nothing more will be allowed: wait for one that is free.
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
