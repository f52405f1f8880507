import type { InvocationResult } from '../host/environment.ts';
import { sum } from '../measure/statistics.ts';
import type { RoundTrip } from './meter.ts';
import type { Units } from './units.ts';

/** The counts of one function for a payment. */
export interface FunctionCounts {
  readonly invocations: number;
  /** Requests to DynamoDB. */
  readonly roundTrips: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly logBytes: number;
  /** Milliseconds of processor time; measured on this machine, not counted. */
  readonly cpuMs: number;
}

/** One request to DynamoDB. Its duration is measured on this machine, not counted. */
export type DynamoRequest = Pick<RoundTrip, 'operation' | 'tables' | 'tookMs'>;

/** What a function needs for a payment whose messages share their batches with those of other payments. */
export type BatchedCounts = Pick<FunctionCounts, 'cpuMs' | 'logBytes'>;

/** The counts of one payment, from its request to its final status. */
export interface Counts {
  /** By function; absent if the payment was not counted in batches. */
  readonly batched?: Readonly<Record<string, BatchedCounts>>;
  readonly functions: Readonly<Record<string, FunctionCounts>>;
  /** The requests of the functions that ran once, in order. */
  readonly requests: Readonly<Record<string, readonly DynamoRequest[]>>;
  /** Units by table or `Table.index`. */
  readonly written: Readonly<Record<string, number>>;
  readonly read: Readonly<Record<string, number>>;
  /** Bytes to and from DynamoDB. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Published events by name. */
  readonly events: Readonly<Record<string, number>>;
  readonly queueRequests: Readonly<Record<string, number>>;
  /** Entered Step Functions states. */
  readonly states: number;
  readonly pgCalls: number;
}

/** Everything observed while a payment was processed. */
export interface Observations {
  readonly trips: RoundTrip[];
  readonly invocations: { readonly folder: string; readonly result: InvocationResult }[];
  readonly billedItems: {
    readonly what: 'events' | 'queueRequests' | 'states';
    readonly name: string;
  }[];
  pgCalls: number;
}

export const noObservations = (): Observations => ({
  trips: [],
  invocations: [],
  billedItems: [],
  pgCalls: 0,
});

const unitsBy = (units: readonly Units[]) => {
  const total: Record<string, number> = {};
  for (const one of units) total[one.of] = (total[one.of] ?? 0) + one.units;

  return sorted(total);
};

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

const countBy = (names: readonly string[]) =>
  sorted(Object.fromEntries(names.map((name) => [name, names.filter((n) => n === name).length])));

const requestsOf = (folder: string, trips: readonly RoundTrip[]): readonly DynamoRequest[] =>
  trips
    .filter(({ by }) => by === folder)
    .map(({ operation, tables, tookMs }) => ({ operation, tables, tookMs }));

export const countsOf = ({ trips, invocations, billedItems, pgCalls }: Observations): Counts => {
  const folders = [...new Set(invocations.map(({ folder }) => folder))];
  const named = (kind: string) =>
    billedItems.filter(({ what }) => what === kind).map(({ name }) => name);

  return {
    functions: sorted(
      Object.fromEntries(
        folders.map((folder) => {
          const own = trips.filter(({ by }) => by === folder);
          const invoked = invocations.filter((one) => one.folder === folder);

          return [
            folder,
            {
              invocations: invoked.length,
              roundTrips: own.length,
              writeUnits: sum(own.flatMap(({ written }) => written.map(({ units }) => units))),
              readUnits: sum(own.flatMap(({ read }) => read.map(({ units }) => units))),
              logBytes: sum(invoked.map((one) => one.result.logBytes)),
              cpuMs: sum(invoked.map((one) => one.result.cpuMs)),
            },
          ];
        }),
      ),
    ),
    requests: sorted(
      Object.fromEntries(
        folders
          .filter((folder) => invocations.filter((one) => one.folder === folder).length === 1)
          .map((folder) => [folder, requestsOf(folder, trips)]),
      ),
    ),
    written: unitsBy(trips.flatMap(({ written }) => written)),
    read: unitsBy(trips.flatMap(({ read }) => read)),
    bytesSent: sum(trips.map(({ bytesSent }) => bytesSent)),
    bytesReceived: sum(trips.map(({ bytesReceived }) => bytesReceived)),
    events: countBy(named('events')),
    queueRequests: countBy(named('queueRequests')),
    states: named('states').length,
    pgCalls,
  };
};

/** The sum over all functions. */
export const total = (counts: Counts, what: keyof FunctionCounts): number =>
  sum(Object.values(counts.functions).map((one) => one[what]));
