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
  envelope,
  versionOf,
} from '../domain/events/domain-event.ts';
import { logger } from '../observability/logger.ts';
import { publishMeasures, tellOutcome, timed } from '../observability/metrics.ts';
import { traceIdOf } from '../observability/trace-context.ts';
import type { Waits } from '../persistence/deferral-claims.ts';
import { InFlight } from './idempotency.ts';
import { longestDelayMs, longestWaitMs, messageWaits, type Wait } from './message-deferral.ts';

/** One event as EventBridge puts it into a queue: only of the names given, and whole. */
export const queuedEvent = <N extends EventName>(names: readonly N[]) => {
  const shapes = names.map((name) =>
    z
      .object({ 'detail-type': z.literal(name), detail: envelope(name) })
      .transform(({ detail }) => ({ ...detail, name })),
  );

  return (body: string): DomainEvent<N> =>
    z.union(shapes).parse(jsonIn(body)) as unknown as DomainEvent<N>;
};

/** The parser's own error quotes the text, and whoever logs it cannot know what that is. */
const jsonIn = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error('The message is no JSON.');
  }
};

/** An event as its rule would put it into a queue. */
export const queuedBody = ({ name, ...detail }: DomainEvent): string =>
  JSON.stringify({ 'detail-type': name, detail });

interface Queue {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** The function that reads it. */
  readonly name: string;
  /** Of the copies that wait for the same, one goes on. */
  readonly waits: Waits;
  readonly clock?: Clock;
  /** How long a message that failed waits, by the number of times it was received. */
  readonly redeliverAfterMs: readonly number[];
  /** Where given, a duplicate of an event that is being handled waits this long, and does not count as a failure. */
  readonly inFlightAfterMs?: number;
}

/** Not now, through no fault of the message: it comes again after a while, as if for the first time. */
export class Postponed extends Error {
  readonly afterMs: number;
  /** Milliseconds since the epoch: the very time, where there is one that every copy of the message knows. */
  readonly until: number | undefined;

  constructor(message: string, afterMs: number, options: ErrorOptions & { until?: number } = {}) {
    super(message, options);
    this.name = 'Postponed';
    this.afterMs = afterMs;
    this.until = options.until;
  }
}

/** How one message ended, as it is measured, and its line of the log; one that is thrown has failed. */
interface Ended {
  readonly how: 'done' | 'repeated' | 'postponed';
  readonly line: readonly [message: string, told: Readonly<Record<string, unknown>>];
}

/** What became of one event, and the ids that its log line carries beside the event's own. */
export interface Done {
  readonly outcome: string;
  /** The event was handled before, and this time nothing was done. */
  readonly replayed?: boolean;
  readonly [id: string]: string | number | boolean | undefined;
}

/**
 * Lets a message wait, until a time where that is known. One that SQS cannot keep for so long ends, and the sweeper tells its event again
 * when the time has come.
 */
export const waitFor = (
  { ms, until }: { readonly ms: number; readonly until?: string | undefined },
  reason: string,
  ids: Omit<Done, 'outcome'>,
): Done => {
  if (ms <= longestDelayMs) {
    throw new Postponed(reason, ms, until === undefined ? {} : { until: Date.parse(until) });
  }

  return { outcome: 'left to the sweeper', ...ids };
};

/** The ids by which its log line is found. The event's own id is made of them. */
const idsOf = (event: DomainEvent) => {
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
export const queueHandler = <N extends EventName>(
  names: readonly N[],
  { sqs, queueUrl, name, waits, clock = systemClock, redeliverAfterMs, inFlightAfterMs }: Queue,
  handle: (event: DomainEvent<N>, context: Context) => Promise<Done>,
) => {
  const parse = queuedEvent(names);
  const { isFirst, ageOf, send } = messageWaits({ sqs, queueUrl, name, waits, clock });

  /** What a line about a message can still say where its event was not handled: nothing of one that is no event. */
  const idsIn = (body: string) => {
    try {
      return idsOf(parse(body));
    } catch {
      return {};
    }
  };

  const later = async ({ receiptHandle, attributes }: SQSRecord): Promise<void> => {
    const received = Number(attributes.ApproximateReceiveCount);
    const pause = redeliverAfterMs[received - 1] ?? redeliverAfterMs.at(-1) ?? 0;
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.ceil(pause / 1_000),
      }),
    );
  };

  /** How long a message is to wait that was not handled; undefined where it failed. What is under way is looked at ever less often. */
  const waitOf = (error: unknown, record: SQSRecord): Wait | undefined => {
    if (error instanceof Postponed) return { reason: error.message, ...error };
    if (!(error instanceof InFlight) || inFlightAfterMs === undefined) return undefined;
    const afterMs = Math.min(Math.max(ageOf(record) / 2, inFlightAfterMs), 4 * inFlightAfterMs);

    return { reason: error.message, afterMs };
  };

  const postpone = async (record: SQSRecord, event: DomainEvent, wait: Wait): Promise<Ended> => {
    const { reason } = wait;
    const age = ageOf(record);
    if (age > longestWaitMs) {
      throw new Error(
        `It has waited for ${Math.round(age / 1_000)} s, the last time for: ${reason}`,
      );
    }
    const delay = await send(record, event.id, wait);

    return { how: 'postponed', line: ['postponed', { ...idsOf(event), reason, delay }] };
  };

  const handled = async (event: DomainEvent<N>, context: Context): Promise<Ended> => {
    const { outcome, replayed, ...rest } = await handle(event, context);
    // Whose name goes without saying where only one is heard.
    const told = { ...(names.length > 1 && { event: event.name }), ...idsOf(event), ...rest };

    return { how: replayed ? 'repeated' : 'done', line: [outcome, told] };
  };

  const handledOrPostponed = async (record: SQSRecord, context: Context): Promise<Ended> => {
    const event = parse(record.body);
    if (!(await isFirst(record, event.id))) {
      return { how: 'repeated', line: ['a copy of this message goes on', idsOf(event)] };
    }
    try {
      return await handled(event, context);
    } catch (error) {
      const wait = waitOf(error, record);
      if (wait === undefined) throw error;

      return postpone(record, event, wait);
    }
  };

  const one = (context: Context, isAlone: boolean) => async (record: SQSRecord) => {
    try {
      const { line } = await timed(
        () => handledOrPostponed(record, context),
        ({ how }) => how,
      );
      // What a batch measures is told once for all of it.
      if (isAlone) tellOutcome(...line);
      else logger.info(...line);
    } catch (error) {
      const { messageId, body } = record;
      logger.error('failed', { messageId, ...idsIn(body), error: error as Error });
      // Where this fails too, the message only waits out the queue's own visibility.
      await later(record).catch((cause: Error) => logger.warn('no early redelivery', cause));
      throw error;
    }
  };

  return middy<SQSEvent, SQSBatchResponse>()
    .after(() => {
      // In braces: what a middleware returns would become the answer.
      publishMeasures();
    })
    .handler((event, context) =>
      processPartialResponse(
        event,
        one(context, event.Records.length === 1),
        new BatchProcessor(EventType.SQS),
        { context, throwOnFullBatchFailure: false },
      ),
    );
};
