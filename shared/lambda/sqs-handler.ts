import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { systemClock } from '../config/system-clock.ts';
import type { Clock } from '../domain/clock.ts';
import {
  type DomainEvent,
  type EventName,
  envelopeSchema,
  versionOf,
} from '../domain/events/domain-event.ts';
import { logger } from '../observability/logger.ts';
import { flushMetrics, logOutcome, withLatency } from '../observability/metrics.ts';
import { traceIdOf } from '../observability/trace-context.ts';
import type { DeferralClaims } from '../persistence/deferral-claims.ts';
import { RequestInProgressError } from './idempotency.ts';
import {
  createMessageDeferral,
  type Deferral,
  maxDeferralMs,
  maxDelayMs,
} from './message-deferral.ts';

/** One event as EventBridge puts it into a queue: only of the names given, and whole. */
export const createQueuedEventParser = <N extends EventName>(names: readonly N[]) => {
  const shapes = names.map((name) =>
    z
      .object({ 'detail-type': z.literal(name), detail: envelopeSchema(name) })
      .transform(({ detail }) => ({ ...detail, name })),
  );

  return (body: string): DomainEvent<N> =>
    z.union(shapes).parse(parseMessageJson(body)) as unknown as DomainEvent<N>;
};

/** The parser's own error quotes the text, and whoever logs it cannot know what that is. */
const parseMessageJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error('The message is no JSON.');
  }
};

/** An event as its rule would put it into a queue. */
export const queueMessageBody = ({ name, ...detail }: DomainEvent): string =>
  JSON.stringify({ 'detail-type': name, detail });

interface SqsHandlerOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** The function that reads it. */
  readonly name: string;
  /** Of the copies that wait for the same, one goes on. */
  readonly deferralClaims: DeferralClaims;
  readonly clock?: Clock;
  /** How long a message that failed waits, by the number of times it was received. */
  readonly redeliveryBackoffMs: readonly number[];
  /** Where given, a duplicate of an event that is being handled waits this long, and does not count as a failure. */
  readonly inFlightRetryDelayMs?: number;
}

/** Not now, through no fault of the message: it comes again after a while, as if for the first time. */
export class DeferredError extends Error {
  readonly delayMs: number;
  /** Milliseconds since the epoch: the very time, where there is one that every copy of the message knows. */
  readonly until: number | undefined;

  constructor(message: string, afterMs: number, options: ErrorOptions & { until?: number } = {}) {
    super(message, options);
    this.name = 'DeferredError';
    this.delayMs = afterMs;
    this.until = options.until;
  }
}

/** How one message ended, as it is measured, and its line of the log; one that is thrown has failed. */
interface MessageResult {
  readonly status: 'succeeded' | 'duplicate' | 'deferred';
  readonly logEntry: readonly [message: string, told: Readonly<Record<string, unknown>>];
}

/** What became of one event, and the ids that its log line carries beside the event's own. */
export interface HandlingResult {
  readonly outcome: string;
  /** The event was handled before, and this time nothing was done. */
  readonly replayed?: boolean;
  readonly [id: string]: string | number | boolean | undefined;
}

/**
 * Lets a message wait, until a time where that is known. One that SQS cannot keep for so long ends, and the sweeper tells its event again
 * when the time has come.
 */
export const deferOrLeaveToSweeper = (
  { ms, until }: { readonly ms: number; readonly until?: string | undefined },
  reason: string,
  ids: Omit<HandlingResult, 'outcome'>,
): HandlingResult => {
  if (ms <= maxDelayMs) {
    throw new DeferredError(reason, ms, until === undefined ? {} : { until: Date.parse(until) });
  }

  return { outcome: 'deferred-to-sweeper', ...ids };
};

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
    clock = systemClock,
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
      processPartialResponse(
        event,
        handleRecord(context, event.Records.length === 1),
        new BatchProcessor(EventType.SQS),
        { context, throwOnFullBatchFailure: false },
      ),
    );
};
