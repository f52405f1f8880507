import { EventType } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type DomainEvent, type EventName, versionOf } from '../domain/events/domain-event.ts';
import type { Clock } from '../domain/time.ts';
import { logger } from '../observability/logger.ts';
import { flushMetrics, logOutcome, withLatency } from '../observability/metrics.ts';
import { traceIdOf } from '../observability/trace-context.ts';
import {
  createMessageDeferral,
  type DeferralClaims,
  DeferredError,
  type HandlingResult,
  type MessageDeferral,
  maxDeferralMs,
} from './message-deferral.ts';
import { processBatch } from './process-batch.ts';
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

/** The status of one message for its metric, and its log line. A failed message throws. */
interface MessageResult {
  readonly status: 'succeeded' | 'duplicate' | 'deferred';
  readonly logEntry: readonly [message: string, fields: Readonly<Record<string, unknown>>];
}

/** The ids of an event for its log line. */
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
 * Handles the events of a batch concurrently. A message that fails or is not valid is reported alone and
 * delivered again with a backoff, until SQS moves it to the dead-letter queue.
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

    return {
      status: 'deferred',
      logEntry: ['message deferred', { ...logIdsOf(event), reason, delay }],
    };
  };

  const handleEvent = async (event: DomainEvent<N>, context: Context): Promise<MessageResult> => {
    const { outcome, replayed, ...rest } = await handle(event, context);
    // A consumer of one event does not need its name.
    const fields = { ...(names.length > 1 && { event: event.name }), ...logIdsOf(event), ...rest };

    return { status: replayed ? 'duplicate' : 'succeeded', logEntry: [outcome, fields] };
  };

  const handleOrDefer = async (record: SQSRecord, context: Context): Promise<MessageResult> => {
    const event = parse(record.body);
    if (deferral && !(await deferral.isFirstCopy(record, event.id))) {
      return { status: 'duplicate', logEntry: ['duplicate message dropped', logIdsOf(event)] };
    }
    try {
      return await handleEvent(event, context);
    } catch (error) {
      if (!deferral || !(error instanceof DeferredError)) throw error;

      return requeueWithDelay(deferral, record, event, error);
    }
  };

  const handleRecord = (context: Context, isAlone: boolean) => async (record: SQSRecord) => {
    try {
      const { logEntry } = await withLatency(
        () => handleOrDefer(record, context),
        ({ status }) => status,
      );
      // The metrics of a larger batch are logged once, after the batch.
      if (isAlone) logOutcome(...logEntry);
      else logger.info(...logEntry);
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

  return middy<SQSEvent, SQSBatchResponse>()
    .after(() => {
      // Braces, because a value that a middleware returns becomes the response.
      flushMetrics();
    })
    .handler((event, context) =>
      processBatch(
        EventType.SQS,
        event,
        handleRecord(context, event.Records.length === 1),
        context,
      ),
    );
};
