import type { DynamoDBRecord } from 'aws-lambda';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { StoredItem, StoredItemReader } from '../../persistence/stored-items.ts';
import { RecordsExpiredError, type StreamReader } from '../../persistence/stream-reader.ts';
import { publishedEventOfRecord } from '../../persistence/stream-record.ts';
import type { BatchProgress, FailedBatch } from './failed-batch.ts';
import { eventsOfItem } from './replayable-events.ts';

/** A step of the recovery of a batch: the events of one record or item, or the end of a page that is not the last. */
export interface BatchStep {
  readonly events: readonly DomainEvent[];
  /** What is done when the events are published. */
  readonly done: Pick<BatchProgress, 'sequenceNumber' | 'key'>;
}

interface Dependencies {
  readonly streams: StreamReader;
  readonly storedItems: Pick<StoredItemReader, 'scanPage' | 'keyOf'>;
}

/** The maximum time between an item's own timestamp and its stream record, with all retries of the write. */
const maxWriteLatencyMs = 20_000;

/** DynamoDB reports arrival times in whole seconds, so a record can have arrived up to a second later. */
const arrivalResolutionMs = 1_000;

/** The maximum clock skew between a writer and DynamoDB. */
const clockMarginMs = 5_000;

/** The relay has quarantined what it could not read, record by record. */
const orNone = (build: () => readonly DomainEvent[]): readonly DomainEvent[] => {
  try {
    return build();
  } catch {
    return [];
  }
};

const eventsOfRecord = (record: DynamoDBRecord): readonly DomainEvent[] =>
  orNone(() => {
    const event = publishedEventOfRecord(record);

    return event ? [event] : [];
  });

/**
 * Reads the events of a batch that the relay gave up, step by step, after what is done already. Reads a page only
 * when its first step is consumed, and calls `countPage` for each.
 *
 * While the stream has the batch, reads its records there, with those of the same shard in between. Later, scans
 * the table for the items of that time. Both return more events than the batch had, which is harmless: an event
 * keeps its id, so that consumers drop duplicates.
 */
export const createBatchReader = ({ streams, storedItems }: Dependencies) => {
  async function* readStream(
    { range, progress }: FailedBatch,
    countPage: () => void,
  ): AsyncGenerator<BatchStep> {
    for await (const records of streams.pages(range, progress.sequenceNumber)) {
      countPage();
      for (const record of records)
        yield {
          events: eventsOfRecord(record),
          done: { sequenceNumber: record.dynamodb?.SequenceNumber },
        };
    }
  }

  async function* scanTable(
    { table, from, to, progress }: FailedBatch,
    countPage: () => void,
  ): AsyncGenerator<BatchStep> {
    const earliest = Date.parse(from) - maxWriteLatencyMs - clockMarginMs;
    const latest = Date.parse(to) + arrivalResolutionMs + clockMarginMs;
    const isInWindow = ({ time }: DomainEvent) =>
      Date.parse(time) >= earliest && Date.parse(time) <= latest;
    const eventsInWindow = (stored: StoredItem) =>
      orNone(() => eventsOfItem(stored)).filter(isInWindow);
    const since = new Date(earliest).toISOString();

    let { key } = progress;
    do {
      const { items, lastKey } = await storedItems.scanPage(table, since, key);
      countPage();
      for (const stored of items)
        yield { events: eventsInWindow(stored), done: { key: storedItems.keyOf(stored) } };
      key = lastKey;
      if (key !== undefined) yield { events: [], done: { key } };
    } while (key !== undefined);
  }

  return async function* readBatch(
    batch: FailedBatch,
    countPage: () => void,
  ): AsyncGenerator<BatchStep> {
    // Once a scan has begun, the stream does not have the batch.
    if (batch.progress.key === undefined) {
      try {
        yield* readStream(batch, countPage);
        return;
      } catch (error) {
        if (!(error instanceof RecordsExpiredError)) throw error;
      }
    }
    yield* scanTable(batch, countPage);
  };
};

export type BatchReader = ReturnType<typeof createBatchReader>;
