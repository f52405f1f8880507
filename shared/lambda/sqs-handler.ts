import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type DomainEvent, type EventName, versionOf } from '../domain/events/domain-event.ts';
import type { Clock } from '../domain/time.ts';
import { createHandler } from '../observability/invocation-scope.ts';
import { logger } from '../observability/logger.ts';
import { flushMetrics, logOutcome, withLatency } from '../observability/metrics.ts';
import { traceIdOf } from '../observability/trace-context.ts';
import { type BatchEntryDetails, batchEntryOf, createBatchOutcomes } from './batch-outcomes.ts';
import {
  createMessageDeferral,
  type DeferralClaims,
  DeferredError,
  type HandlingResult,
  type MessageDeferral,
  maxDeferralMs,
} from './message-deferral.ts';
import { createQueuedEventParser } from './queued-event.ts';

interface SqsHandlerOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Function that consumes the queue. */
  readonly name: string;
  /** Stores which copy of a deferred message is processed. Without it no message is deferred. */
  readonly deferralClaims?: DeferralClaims;
  readonly clock: Clock;
  /** Visibility timeout of a failed message in milliseconds, by its receive count. */
  readonly redeliveryBackoffMs: readonly number[];
}

/**
 * The status of one message for its metric, and its outcome and entry in the log line of the batch. A failed
 * message throws.
 */
interface MessageResult {
  readonly status: 'succeeded' | 'duplicate' | 'deferred';
  readonly outcome: string;
  readonly entry: string;
}

type BatchOutcomes = ReturnType<typeof createBatchOutcomes<string>>;

/** The ids of an event for the log line of its failure. */
const logIdsOf = (event: DomainEvent) => {
  const { paymentId, orderId, refundId } = event.data as Readonly<Record<string, unknown>>;

  return {
    paymentId,
    orderId,
    refundId,
    version: versionOf(event),
    traceId: traceIdOf(event.traceparent),
  };
};

/**
 * Handles the events of a batch concurrently, and logs one line for the batch and one for each failure. A
 * message that fails or is not valid is reported alone and delivered again with a backoff, until SQS moves it
 * to the dead-letter queue.
 */
export const sqsHandler = <N extends EventName>(
  names: readonly N[],
  { sqs, queueUrl, name, deferralClaims, clock, redeliveryBackoffMs }: SqsHandlerOptions,
  handle: (event: DomainEvent<N>, context: Context) => Promise<HandlingResult>,
) => {
  const parse = createQueuedEventParser(names);
  const deferral =
    deferralClaims && createMessageDeferral({ sqs, queueUrl, name, claims: deferralClaims, clock });

  /** The log ids of a message that failed; empty if it is not a valid event. */
  const logIdsOfBody = (body: string) => {
    try {
      return logIdsOf(parse(body));
    } catch {
      return {};
    }
  };

  const shortenVisibility = async ({ receiptHandle, attributes }: SQSRecord): Promise<void> => {
    const receiveCount = Number(attributes.ApproximateReceiveCount);
    const delayMs = redeliveryBackoffMs[receiveCount - 1] ?? redeliveryBackoffMs.at(-1) ?? 0;
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.ceil(delayMs / 1_000),
      }),
    );
  };

  const resultOf = (
    event: DomainEvent,
    status: MessageResult['status'],
    outcome: string,
    details: BatchEntryDetails = {},
  ): MessageResult => ({
    status,
    // A consumer of one event does not need its name.
    outcome: names.length > 1 ? `${outcome} ${event.name}` : outcome,
    entry: batchEntryOf(event, details),
  });

  const requeueWithDelay = async (
    { deferredForMs, requeue }: MessageDeferral,
    record: SQSRecord,
    event: DomainEvent,
    error: DeferredError,
  ): Promise<MessageResult> => {
    const reason = error.message;
    const deferredMs = deferredForMs(record);
    if (deferredMs > maxDeferralMs) {
      throw new Error(`Deferred for ${Math.round(deferredMs / 1_000)} s; last reason: ${reason}`);
    }
    const delay = await requeue(record, event.id, error);

    return resultOf(event, 'deferred', 'deferred', { delay, reason });
  };

  const handleEvent = async (event: DomainEvent<N>, context: Context): Promise<MessageResult> => {
    const { outcome, replayed, ...details } = await handle(event, context);

    return resultOf(event, replayed ? 'duplicate' : 'succeeded', outcome, details);
  };

  const handleOrDefer = async (record: SQSRecord, context: Context): Promise<MessageResult> => {
    const event = parse(record.body);
    if (deferral && !(await deferral.isFirstCopy(record, event.id))) {
      return resultOf(event, 'duplicate', 'copy-dropped');
    }
    try {
      return await handleEvent(event, context);
    } catch (error) {
      if (!deferral || !(error instanceof DeferredError)) throw error;

      return requeueWithDelay(deferral, record, event, error);
    }
  };

  const handleRecord = (outcomes: BatchOutcomes, context: Context) => async (record: SQSRecord) => {
    try {
      const { outcome, entry } = await withLatency(
        () => handleOrDefer(record, context),
        ({ status }) => status,
      );
      outcomes.add(outcome, entry);
    } catch (error) {
      const { messageId, body } = record;
      logger.error('message failed', { messageId, ...logIdsOfBody(body), error: error as Error });
      // If this fails too, the visibility timeout of the queue applies.
      await shortenVisibility(record).catch((cause: Error) =>
        logger.warn('could not shorten redelivery delay', cause),
      );
      throw error;
    }
  };

  return createHandler<SQSEvent, SQSBatchResponse>().handler(async (event, context) => {
    const outcomes = createBatchOutcomes();
    const response = await processPartialResponse(
      event,
      handleRecord(outcomes, context),
      new BatchProcessor(EventType.SQS),
      { context, throwOnFullBatchFailure: false },
    );
    if (Object.keys(outcomes.entries).length > 0) logOutcome('batch processed', outcomes.entries);
    flushMetrics();

    return response;
  });
};
