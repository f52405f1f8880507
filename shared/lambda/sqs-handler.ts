import { EventType } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { RequestInProgressError } from '../domain/errors.ts';
import { type DomainEvent, type EventName, versionOf } from '../domain/events/domain-event.ts';
import type { Clock } from '../domain/time.ts';
import { logger } from '../observability/logger.ts';
import { flushMetrics, logOutcome, withLatency } from '../observability/metrics.ts';
import { traceIdOf } from '../observability/trace-context.ts';
import {
  createMessageDeferral,
  type Deferral,
  type DeferralClaims,
  DeferredError,
  type HandlingResult,
  maxDeferralMs,
} from './message-deferral.ts';
import { processBatch } from './process-batch.ts';
import { createQueuedEventParser } from './queued-event.ts';

interface SqsHandlerOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** The function that reads it. */
  readonly name: string;
  /** Of the copies that wait for the same, one goes on. */
  readonly deferralClaims: DeferralClaims;
  readonly clock: Clock;
  /** How long a message that failed waits, by the number of times it was received. */
  readonly redeliveryBackoffMs: readonly number[];
  /** Where given, a duplicate of an event that is being handled waits this long, and does not count as a failure. */
  readonly inFlightRetryDelayMs?: number;
}

/** How one message ended, as it is measured, and its line of the log; one that is thrown has failed. */
interface MessageResult {
  readonly status: 'succeeded' | 'duplicate' | 'deferred';
  readonly logEntry: readonly [message: string, told: Readonly<Record<string, unknown>>];
}

/** The ids by which its log line is found. The event's own id is made of them. */
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
 * Handles each event of a batch by itself, all at once. One that fails, or cannot be read, is reported alone and comes again after a
 * while, until its queue gives it to the dead letters; the others are done.
 */
export const sqsHandler = <N extends EventName>(
  names: readonly N[],
  {
    sqs,
    queueUrl,
    name,
    deferralClaims,
    clock,
    redeliveryBackoffMs,
    inFlightRetryDelayMs,
  }: SqsHandlerOptions,
  handle: (event: DomainEvent<N>, context: Context) => Promise<HandlingResult>,
) => {
  const parse = createQueuedEventParser(names);
  const { isFirstCopy, deferredForMs, requeue } = createMessageDeferral({
    sqs,
    queueUrl,
    name,
    claims: deferralClaims,
    clock,
  });

  /** What a line about a message can still say where its event was not handled: nothing of one that is no event. */
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

  /** How long a message is to wait that was not handled; undefined where it failed. What is under way is looked at ever less often. */
  const deferralOf = (error: unknown, record: SQSRecord): Deferral | undefined => {
    if (error instanceof DeferredError) return { reason: error.message, ...error };
    if (!(error instanceof RequestInProgressError) || inFlightRetryDelayMs === undefined)
      return undefined;
    const delayMs = Math.min(
      Math.max(deferredForMs(record) / 2, inFlightRetryDelayMs),
      4 * inFlightRetryDelayMs,
    );

    return { reason: error.message, delayMs };
  };

  const requeueWithDelay = async (
    record: SQSRecord,
    event: DomainEvent,
    deferral: Deferral,
  ): Promise<MessageResult> => {
    const { reason } = deferral;
    const deferredMs = deferredForMs(record);
    if (deferredMs > maxDeferralMs) {
      throw new Error(
        `It has waited for ${Math.round(deferredMs / 1_000)} s, the last time for: ${reason}`,
      );
    }
    const delay = await requeue(record, event.id, deferral);

    return {
      status: 'deferred',
      logEntry: ['message deferred', { ...logIdsOf(event), reason, delay }],
    };
  };

  const handleEvent = async (event: DomainEvent<N>, context: Context): Promise<MessageResult> => {
    const { outcome, replayed, ...rest } = await handle(event, context);
    // Whose name goes without saying where only one is heard.
    const fields = { ...(names.length > 1 && { event: event.name }), ...logIdsOf(event), ...rest };

    return { status: replayed ? 'duplicate' : 'succeeded', logEntry: [outcome, fields] };
  };

  const handleOrDefer = async (record: SQSRecord, context: Context): Promise<MessageResult> => {
    const event = parse(record.body);
    if (!(await isFirstCopy(record, event.id))) {
      return { status: 'duplicate', logEntry: ['duplicate message dropped', logIdsOf(event)] };
    }
    try {
      return await handleEvent(event, context);
    } catch (error) {
      const deferral = deferralOf(error, record);
      if (deferral === undefined) throw error;

      return requeueWithDelay(record, event, deferral);
    }
  };

  const handleRecord = (context: Context, isAlone: boolean) => async (record: SQSRecord) => {
    try {
      const { logEntry } = await withLatency(
        () => handleOrDefer(record, context),
        ({ status }) => status,
      );
      // What a batch measures is told once for all of it.
      if (isAlone) logOutcome(...logEntry);
      else logger.info(...logEntry);
    } catch (error) {
      const { messageId, body } = record;
      logger.error('message failed', { messageId, ...logIdsOfBody(body), error: error as Error });
      // Where this fails too, the message only waits out the queue's own visibility.
      await shortenVisibility(record).catch((cause: Error) =>
        logger.warn('could not shorten redelivery delay', cause),
      );
      throw error;
    }
  };

  return middy<SQSEvent, SQSBatchResponse>()
    .after(() => {
      // In braces: what a middleware returns would become the answer.
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
