import { latencies } from './latencies.ts';

/** How the relay is set, and what its code needs. */
export interface RelaySettings {
  /** Batches at work at a time: shards of the stream times its parallelization factor. */
  readonly lanes: number;
  readonly batchSize: number;
  /** Milliseconds of computing for a record, on the function's own part of a processor. */
  readonly msOfARecord: number;
}

/** A record asks DynamoDB for its key, tells the bus, and keeps the answer: all records of a batch side by side. */
const requestsPerBatch = 3;

interface Lane {
  /** Times at which records are written. */
  readonly records: number[];
}

/**
 * When each payment's first event is told, in the order of the times given. Each payment writes two more records, when it is claimed
 * and when it is completed, which take their turns in the same lanes.
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

/** The time at which each record's batch has been told, by the time at which it was written. */
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
    // An idle lane looks in so often; one that has just done a batch looks again at once.
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
