import {
  BatchProcessor,
  type EventType,
  processPartialResponse,
} from '@aws-lambda-powertools/batch';
import type { Context, DynamoDBRecord, DynamoDBStreamEvent, SQSEvent, SQSRecord } from 'aws-lambda';

/**
 * Handles the records of a batch concurrently. Returns the failed ones, so that AWS delivers only these
 * again.
 */
export const processBatch = <R extends SQSRecord | DynamoDBRecord>(
  eventType: (typeof EventType)[keyof typeof EventType],
  event: SQSEvent | DynamoDBStreamEvent,
  handleRecord: (record: R) => Promise<void>,
  context: Context,
) =>
  processPartialResponse(event, handleRecord, new BatchProcessor(eventType), {
    context,
    throwOnFullBatchFailure: false,
  });
