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

/** What became of one stream record, and the id that the log line carries for it. */
export interface RelayResult {
  readonly outcome: 'published' | 'duplicate' | 'skipped' | 'quarantined';
  readonly id: string;
  /** The name of the event that it was told by. */
  readonly event?: string;
}

type RelayOutcome = RelayResult['outcome'] | 'failed';

/**
 * Handles the records of a batch all at once, each by itself. One that fails is reported alone, so that the stream gives it again from
 * there on. One log line tells of the whole batch.
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
  // Of what concerns nobody, the number is enough.
  const { skipped, ...rest } = Object.fromEntries(idsByOutcome);
  const ids = { ...rest, ...(skipped && { skipped: skipped.length }) };
  if (idsByOutcome.has('failed') || idsByOutcome.has('quarantined'))
    logger.error('outbox batch relayed', ids);
  else logOutcome('outbox batch relayed', ids);
  flushMetrics();
};
