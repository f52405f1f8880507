import { latencies } from './latencies.ts';

/** The settings of the relay and its computing time. */
export interface RelaySettings {
  /** Concurrent batches: shards of the stream times its parallelization factor. */
  readonly lanes: number;
  readonly batchSize: number;
  /** Milliseconds of computing per record, on the function's share of a processor. */
  readonly msOfARecord: number;
}

/** The records of a batch are published concurrently. */
const requestsPerBatch = 1;

interface Lane {
  /** The times at which records are written. */
  readonly records: number[];
}

/**
 * The time at which each payment's first event is published, in the order of the given times. Each payment
 * writes two more records, when it is claimed and when it is completed, which share the same lanes.
 */
export const publishTimes = (
  acceptedAt: readonly number[],
  { lanes, batchSize, msOfARecord }: RelaySettings,
  random: () => number,
): number[] => {
  const laneOf = acceptedAt.map(() => Math.floor(random() * lanes));
  const all: readonly Lane[] = Array.from({ length: lanes }, () => ({ records: [] }));
  const later = [600, latencies.pgMs.value + 700];
  for (const [index, at] of acceptedAt.entries()) {
    const lane = all[laneOf[index] as number] as Lane;
    lane.records.push(at, ...later.map((ms) => at + ms));
  }
  const published = all.map(({ records }) => {
    records.sort((a, b) => a - b);

    return relayTimes(records, { batchSize, msOfARecord }, random() * latencies.streamPollMs.value);
  });

  return acceptedAt.map((at, index) => published[laneOf[index] as number]?.get(at) ?? Number.NaN);
};

/** The time at which each record's batch is published, by the time at which the record was written. */
const relayTimes = (
  records: readonly number[],
  { batchSize, msOfARecord }: Pick<RelaySettings, 'batchSize' | 'msOfARecord'>,
  phase: number,
): ReadonlyMap<number, number> => {
  const published = new Map<number, number>();
  const { value: pollMs } = latencies.streamPollMs;
  let free = 0;
  for (let next = 0; next < records.length; ) {
    const first = records[next] as number;
    // An idle lane polls at the interval; one that has finished a batch polls again immediately.
    const begin = first > free ? first + pollMs - ((first + phase) % pollMs) : free;
    let end = next;
    while (end < records.length && end - next < batchSize && (records[end] as number) <= begin) {
      end += 1;
    }
    free = begin + requestsPerBatch * latencies.dynamoMs.value + (end - next) * msOfARecord;
    for (; next < end; next += 1) published.set(records[next] as number, free);
  }

  return published;
};
