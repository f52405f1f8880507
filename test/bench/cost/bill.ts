import type { Counts, FunctionCounts } from '../counts/counts.ts';
import { sum } from '../measure/statistics.ts';
import { latencies, megabytesOfOneProcessor } from '../model/latencies.ts';
import { chargeBatch } from '../model/settings.ts';
import { prices } from './prices.ts';

/** The average batch sizes of an invocation. */
export interface Shape {
  readonly name: string;
  /** Charges per batch. */
  readonly charges: number;
  /** Messages per batch of another queue. */
  readonly messages: number;
  /** Records per batch of a stream. */
  readonly records: number;
}

export const batched: Shape = {
  name: 'full batches',
  charges: chargeBatch,
  messages: 10,
  records: 10,
};
export const oneByOne: Shape = {
  name: 'one charge per invocation',
  charges: 1,
  messages: 1,
  records: 1,
};

export interface Deployed {
  /** The memory of each function in megabytes. */
  readonly memoryMb: Readonly<Record<string, number>>;
  /** The functions with a queue and those with a stream as event source. */
  readonly behindQueues: readonly string[];
  readonly behindStreams: readonly string[];
}

export interface Line {
  readonly name: string;
  /** The quantity per payment. */
  readonly quantity: number;
  /** Dollars per million payments. */
  readonly dollars: number;
}

/** The milliseconds that each function waits for external systems, per message. */
const externalMs: Readonly<Record<string, number>> = {
  'charge-payment': latencies.pgMs.value,
  'send-to-data-platform': latencies.dataPlatformMs.value,
  'notify-buyer': latencies.notificationMs.value,
};

const sharedBy = (folder: string, { behindQueues, behindStreams }: Deployed, shape: Shape) => {
  if (folder === 'charge-payment') return shape.charges;
  if (behindQueues.includes(folder)) return shape.messages;

  return behindStreams.includes(folder) ? shape.records : 1;
};

/**
 * The billed milliseconds of one function per payment. The messages of an invocation wait concurrently and
 * compute one after another. With less memory than that of a whole processor, computing takes proportionally
 * longer.
 */
export const billedMs = (
  folder: string,
  { invocations, roundTrips, cpuMs }: FunctionCounts,
  deployed: Deployed,
  shape: Shape,
): number => {
  const memory = deployed.memoryMb[folder] ?? Number.NaN;
  const computing = cpuMs / Math.min(1, memory / megabytesOfOneProcessor.value);
  const waiting = roundTrips * latencies.dynamoMs.value + invocations * (externalMs[folder] ?? 0);

  return computing + waiting / sharedBy(folder, deployed, shape);
};

const million = 1e6;
const bytesOfGb = 1e9;

const all = (record: Readonly<Record<string, number>>) => sum(Object.values(record));

/** The counts by function; in a batch, with the processor time and the log bytes that were counted in batches. */
const functionsIn = (
  { functions, batched: inBatches = {} }: Counts,
  shape: Shape,
): Readonly<Record<string, FunctionCounts>> =>
  shape.messages === 1
    ? functions
    : Object.fromEntries(
        Object.entries(functions).map(([folder, own]) => [
          folder,
          { ...own, ...inBatches[folder] },
        ]),
      );

const writeUnits = 'DynamoDB, write units';

/** The share of provisioned capacity that auto scaling keeps in use: its default target. */
const usedCapacity = 0.7;

/** The same bill with provisioned write capacity, under a steady load that uses the target of auto scaling. */
export const withProvisionedWrites = (bill: readonly Line[]): readonly Line[] =>
  bill.map((line) =>
    line.name === writeUnits
      ? {
          name: `${writeUnits}, provisioned`,
          quantity: line.quantity,
          dollars:
            (line.quantity * million * prices.writeCapacityHour.dollars) / (3_600 * usedCapacity),
        }
      : line,
  );

/** The cost of a million payments with these counts. */
export const billOf = (
  counts: Counts,
  deployed: Deployed,
  shape: Shape,
  requests = 1,
): readonly Line[] => {
  const functions = Object.entries(functionsIn(counts, shape));
  const line = (name: string, quantity: number, dollars: number): Line => ({
    name,
    quantity,
    dollars: quantity * dollars * million,
  });
  const { send = 0, changeVisibility = 0, ...polls } = counts.queueRequests;
  const gbSeconds = (folder: string, own: FunctionCounts) =>
    ((billedMs(folder, own, deployed, shape) / 1_000) * (deployed.memoryMb[folder] ?? 0)) / 1_024;
  const isWaiting = ([folder]: (typeof functions)[number]) => externalMs[folder] !== undefined;
  const duration = (some: typeof functions) =>
    sum(some.map(([folder, own]) => gbSeconds(folder, own)));

  return [
    line('API Gateway, requests', requests, prices.apiRequest.dollars),
    line(
      'Lambda, invocations',
      sum(functions.map(([f, own]) => own.invocations / sharedBy(f, deployed, shape))),
      prices.lambdaRequest.dollars,
    ),
    line(
      'Lambda, GB-seconds of functions that wait for the gateway and other systems',
      duration(functions.filter(isWaiting)),
      prices.lambdaGbSecond.dollars,
    ),
    line(
      'Lambda, GB-seconds of other functions',
      duration(functions.filter((one) => !isWaiting(one))),
      prices.lambdaGbSecond.dollars,
    ),
    line(writeUnits, all(counts.written), prices.writeUnit.dollars),
    line('DynamoDB, read units', all(counts.read), prices.readUnit.dollars),
    line('EventBridge, events', all(counts.events), prices.event.dollars),
    line(
      'SQS, requests',
      send + changeVisibility + all(polls) / shape.messages,
      prices.queueRequest.dollars,
    ),
    line('Step Functions, transitions', counts.states, prices.stateTransition.dollars),
    line(
      'CloudWatch, GB of logs',
      sum(functions.map(([, own]) => own.logBytes)) / bytesOfGb,
      prices.logGb.dollars,
    ),
  ];
};

export const totalOf = (bill: readonly Line[]): number => sum(bill.map(({ dollars }) => dollars));
