import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import middy from '@middy/core';
import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
} from 'aws-lambda';
import { logger } from '../observability/logger.ts';
import { measure, publishMeasures, tellOutcome } from '../observability/metrics.ts';

/** What became of one stream record, and the id that the log line carries for it. */
export interface Relayed {
  readonly outcome: 'published' | 'repeated' | 'skipped' | 'set aside';
  readonly id: string;
  /** The name of the event that it was told by. */
  readonly event?: string;
}

type Told = Relayed['outcome'] | 'failed';

/**
 * Handles the records of a batch all at once, each by itself. One that fails is reported alone, so that the stream gives it again from
 * there on. One log line tells of the whole batch.
 */
export const streamHandler = (
  relay: (record: DynamoDBRecord, context: Context) => Promise<Relayed>,
) =>
  middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async (event, context) => {
    const told = new Map<Told, string[]>();
    const tell = (outcome: Told, id: string) =>
      told.set(outcome, [...(told.get(outcome) ?? []), id]);
    const one = async (record: DynamoDBRecord) => {
      try {
        const { outcome, id, event: name } = await relay(record, context);
        tell(outcome, id);
        if (name && outcome === 'published') measure('EventsPublished', 1, { event: name });
      } catch (error) {
        tell('failed', `${record.eventID}: ${error}`);
        throw error;
      }
    };
    const response = await processPartialResponse(
      event,
      one,
      new BatchProcessor(EventType.DynamoDBStreams),
      { context, throwOnFullBatchFailure: false },
    );
    record(told);

    return response;
  });

const record = (told: ReadonlyMap<Told, readonly string[]>) => {
  for (const outcome of ['repeated', 'set aside', 'failed'] as const) {
    const ids = told.get(outcome);
    if (ids) measure('ChangesNotPublished', ids.length, { outcome });
  }
  // Of what concerns nobody, the number is enough.
  const { skipped, ...rest } = Object.fromEntries(told);
  const ids = { ...rest, ...(skipped && { skipped: skipped.length }) };
  if (told.has('failed') || told.has('set aside')) logger.error('relayed', ids);
  else tellOutcome('relayed', ids);
  publishMeasures();
};
