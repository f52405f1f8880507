import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
} from 'aws-lambda';
import { logger, metrics } from './observability.ts';

/** What became of one stream record, and the id that the log line carries for it. */
export interface Relayed {
  readonly outcome: 'published' | 'published before' | 'skipped' | 'set aside';
  readonly id: string;
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
        const { outcome, id } = await relay(record, context);
        tell(outcome, id);
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
  const level = told.has('failed') || told.has('set aside') ? 'error' : 'info';
  // Of what concerns nobody, the number is enough.
  const { skipped, ...rest } = Object.fromEntries(told);
  logger[level]('relayed', { ...rest, ...(skipped && { skipped: skipped.length }) });
  for (const [outcome, ids] of told) metrics.addMetric(outcome, MetricUnit.Count, ids.length);
  metrics.publishStoredMetrics();
};
