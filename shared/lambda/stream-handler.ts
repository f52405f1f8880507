import { EventType } from '@aws-lambda-powertools/batch';
import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
} from 'aws-lambda';
import { createHandler } from '../observability/invocation-scope.ts';
import { logger } from '../observability/logger.ts';
import { flushMetrics, logOutcome, recordMetric } from '../observability/metrics.ts';
import { createBatchOutcomes } from './batch-outcomes.ts';
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
 * Handles the records of a batch concurrently and logs one line for the batch, unless it has nothing to publish.
 * Reports each failed record, so that the stream delivers again from the first of them.
 */
export const streamHandler = (
  relay: (record: DynamoDBRecord, context: Context) => Promise<RelayResult>,
) =>
  createHandler<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async (event, context) => {
    const { add, entries } = createBatchOutcomes<RelayOutcome>();
    const published = new Map<string, number>();
    const handleRecord = async (record: DynamoDBRecord) => {
      try {
        const { outcome, id, event: name } = await relay(record, context);
        add(outcome, id);
        if (name && outcome === 'published') published.set(name, (published.get(name) ?? 0) + 1);
      } catch (error) {
        add('failed', `${record.eventID}: ${error}`);
        throw error;
      }
    };
    const response = await processBatch(EventType.DynamoDBStreams, event, handleRecord, context);
    for (const [name, count] of published) recordMetric('EventsPublished', count, { event: name });
    logBatch(entries);

    return response;
  });

const logBatch = ({ skipped, ...rest }: Partial<Record<RelayOutcome, readonly string[]>>) => {
  for (const outcome of ['duplicate', 'quarantined', 'failed'] as const) {
    const entries = rest[outcome];
    if (entries) recordMetric('OutboxRecordsNotPublished', entries.length, { outcome });
  }
  // Skipped records are only counted.
  const fields = { ...rest, ...(skipped && { skipped: skipped.length }) };
  if (rest.failed || rest.quarantined) logger.error('outbox batch relayed', fields);
  else if (Object.keys(rest).length > 0) logOutcome('outbox batch relayed', fields);
  flushMetrics();
};
