import { EventType } from '@aws-lambda-powertools/batch';
import middy from '@middy/core';
import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
} from 'aws-lambda';
import { logger } from '../observability/logger.ts';
import { flushMetrics, logOutcome, recordMetric } from '../observability/metrics.ts';
import { processBatch } from './process-batch.ts';

/** The outcome of one stream record, with its id for the log line. */
export interface RelayResult {
  readonly outcome: 'published' | 'duplicate' | 'skipped' | 'quarantined';
  readonly id: string;
  /** Name of the published event. */
  readonly event?: string;
}

type RelayOutcome = RelayResult['outcome'] | 'failed';

/**
 * Handles the records of a batch concurrently and logs one line for the batch. Reports each failed record, so
 * that the stream delivers again from the first of them.
 */
export const streamHandler = (
  relay: (record: DynamoDBRecord, context: Context) => Promise<RelayResult>,
) =>
  middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async (event, context) => {
    const idsByOutcome = new Map<RelayOutcome, string[]>();
    const addOutcome = (outcome: RelayOutcome, id: string) =>
      idsByOutcome.set(outcome, [...(idsByOutcome.get(outcome) ?? []), id]);
    const handleRecord = async (record: DynamoDBRecord) => {
      try {
        const { outcome, id, event: name } = await relay(record, context);
        addOutcome(outcome, id);
        if (name && outcome === 'published') recordMetric('EventsPublished', 1, { event: name });
      } catch (error) {
        addOutcome('failed', `${record.eventID}: ${error}`);
        throw error;
      }
    };
    const response = await processBatch(EventType.DynamoDBStreams, event, handleRecord, context);
    logBatch(idsByOutcome);

    return response;
  });

const logBatch = (idsByOutcome: ReadonlyMap<RelayOutcome, readonly string[]>) => {
  for (const outcome of ['duplicate', 'quarantined', 'failed'] as const) {
    const ids = idsByOutcome.get(outcome);
    if (ids) recordMetric('OutboxRecordsNotPublished', ids.length, { outcome });
  }
  // Skipped records are only counted.
  const { skipped, ...rest } = Object.fromEntries(idsByOutcome);
  const ids = { ...rest, ...(skipped && { skipped: skipped.length }) };
  if (idsByOutcome.has('failed') || idsByOutcome.has('quarantined'))
    logger.error('outbox batch relayed', ids);
  else logOutcome('outbox batch relayed', ids);
  flushMetrics();
};
