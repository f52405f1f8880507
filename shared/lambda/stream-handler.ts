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

/** The outcome of one stream record, with its id for the log line. */
export interface RelayResult {
  readonly outcome: 'published' | 'duplicate' | 'skipped' | 'quarantined' | 'failed';
  /** The id of the published event; otherwise the record's id, and why it was not published. */
  readonly id: string;
  /** Name of the published event. */
  readonly event?: string;
}

/**
 * Relays the records of a batch and logs one line for it, unless it has nothing to publish. Reports each failed
 * record, so that the stream delivers again from the first of them. `relay` returns one result for each record, in
 * their order.
 */
export const streamHandler = (
  relay: (records: readonly DynamoDBRecord[], context: Context) => Promise<readonly RelayResult[]>,
) =>
  createHandler<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async (event, context) => {
    const results = await relay(event.Records, context);
    const failed = event.Records.filter(
      (_, index) => (results[index]?.outcome ?? 'failed') === 'failed',
    );
    logBatch(results);

    return {
      // Lambda delivers the whole batch again for an empty identifier.
      batchItemFailures: failed.map(({ dynamodb }) => ({
        itemIdentifier: dynamodb?.SequenceNumber ?? '',
      })),
    };
  });

const logBatch = (results: readonly RelayResult[]) => {
  const { add, entries } = createBatchOutcomes<RelayResult['outcome']>();
  const published = new Map<string, number>();
  for (const { outcome, id, event } of results) {
    add(outcome, id);
    if (event && outcome === 'published') published.set(event, (published.get(event) ?? 0) + 1);
  }
  for (const [event, count] of published) recordMetric('EventsPublished', count, { event });
  const { skipped, ...rest } = entries;
  for (const outcome of ['duplicate', 'quarantined', 'failed'] as const) {
    const ids = rest[outcome];
    if (ids) recordMetric('OutboxRecordsNotPublished', ids.length, { outcome });
  }
  // Skipped records are only counted.
  const fields = { ...rest, ...(skipped && { skipped: skipped.length }) };
  if (rest.failed || rest.quarantined) logger.error('outbox batch relayed', fields);
  else if (Object.keys(rest).length > 0) logOutcome('outbox batch relayed', fields);
  flushMetrics();
};
