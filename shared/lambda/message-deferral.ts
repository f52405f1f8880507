import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Clock } from '../domain/time.ts';

/** Maximum delay of an SQS message. */
export const maxDelayMs = 900_000;

/** A message deferred for longer than this fails, so that it reaches the dead-letter queue. */
export const maxDeferralMs = 86_400_000;

/**
 * Thrown to defer a message until a given time, or for about `delayMs`. The message is sent again with a delay
 * and does not count as failed.
 */
export class DeferredError extends Error {
  readonly delayMs: number;
  /** Milliseconds since the epoch, if the time is known exactly. */
  readonly until: number | undefined;

  constructor(message: string, delayMs: number, options: ErrorOptions & { until?: number } = {}) {
    super(message, options);
    this.name = 'DeferredError';
    this.delayMs = delayMs;
    this.until = options.until;
  }
}

/** The outcome of one event, with additional ids for its log line. */
export interface HandlingResult {
  readonly outcome: string;
  /** Whether the event is a duplicate: nothing was done. */
  readonly replayed?: boolean;
  readonly [id: string]: string | number | boolean | undefined;
}

/**
 * Defers a message by throwing DeferredError. If SQS cannot delay it for so long, returns
 * `deferred-to-sweeper`: the sweeper replays the event when it is due.
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

/** Stores which copy of a message owns a deferral. */
export interface DeferralClaims {
  /**
   * Claims the deferral for one message. Returns true if that message holds the claim, and false for every
   * other copy.
   */
  claim(deferralId: string, messageId: string, at: Date): Promise<boolean>;
}

interface Dependencies {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Function that consumes the queue: claims of different functions are independent. */
  readonly name: string;
  readonly claims: DeferralClaims;
  readonly clock: Clock;
}

/**
 * Message attributes of a deferred message: due time and time of the first deferral, in milliseconds since
 * the epoch.
 */
const dueAttribute = 'waitDue';
const sinceAttribute = 'waitSince';

/** Each period divides the next, so that their boundaries coincide. */
const deferralPeriodsMs = [1, 5, 10, 30, 60, 300, 900].map((seconds) => seconds * 1_000);

/**
 * The due time of a message that waits for about `delayMs`: the next boundary of the longest period within
 * the delay. So all copies of a message are due at the same instant. The boundaries differ by message, to
 * spread the load.
 */
export const deferredUntil = (id: string, now: number, delayMs: number): number => {
  const period = deferralPeriodsMs.findLast((each) => each <= delayMs) ?? 1_000;
  const phase =
    ([...id].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) % 900) * 1_000;
  const elapsedInPeriod = (((now - phase) % period) + period) % period;

  return now + period - elapsedInPeriod;
};

/**
 * Defers messages of one queue as delayed copies, because a failure would count towards the dead-letter
 * queue. A copy carries its due time. If a lost response or a crash leads to several copies, the first one to
 * arrive claims the deferral and the others are dropped.
 */
export const createMessageDeferral = ({ sqs, queueUrl, name, claims, clock }: Dependencies) => ({
  /** Whether to process a message: it was not deferred, or it is the first of its copies. */
  async isFirstCopy(
    { messageId, messageAttributes }: SQSRecord,
    eventId: string,
  ): Promise<boolean> {
    const due = numericAttribute(messageAttributes, dueAttribute);

    return (
      due === undefined || claims.claim(`${name}#wait#${eventId}#${due}`, messageId, clock.now())
    );
  },

  /** Milliseconds since the first deferral of a message. */
  deferredForMs: (record: SQSRecord): number =>
    clock.now().getTime() - deferredSince(record, clock),

  /** Sends a delayed copy and returns its delay in seconds. */
  async requeue(
    record: SQSRecord,
    eventId: string,
    { delayMs, until }: Pick<DeferredError, 'delayMs' | 'until'>,
  ): Promise<number> {
    const now = clock.now().getTime();
    const { body, messageAttributes } = record;
    // With clock skew the previous deferral may not be over yet: the next due time must differ from it.
    const previousDue = numericAttribute(messageAttributes, dueAttribute) ?? 0;
    const due = Math.max(
      until ?? deferredUntil(eventId, Math.max(now, previousDue), delayMs),
      previousDue + 1_000,
    );
    const delay = Math.min(Math.max(Math.ceil((due - now) / 1_000), 0), maxDelayMs / 1_000);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: body,
        DelaySeconds: delay,
        MessageAttributes: {
          ...copyAttributes(messageAttributes),
          [dueAttribute]: toNumberAttribute(due),
          [sinceAttribute]: toNumberAttribute(deferredSince(record, clock)),
        },
      }),
    );

    return delay;
  },
});

export type MessageDeferral = ReturnType<typeof createMessageDeferral>;

type Attributes = SQSRecord['messageAttributes'];

const toNumberAttribute = (value: number) => ({ DataType: 'Number', StringValue: String(value) });

const numericAttribute = (attributes: Attributes | undefined, name: string): number | undefined => {
  const value = Number(attributes?.[name]?.stringValue);

  return Number.isFinite(value) ? value : undefined;
};

/** Time of the first deferral; now for a message that was never deferred. */
const deferredSince = ({ messageAttributes }: SQSRecord, clock: Clock): number =>
  numericAttribute(messageAttributes, sinceAttribute) ?? clock.now().getTime();

/** A copy keeps the message attributes, such as the number of redrives. */
const copyAttributes = (attributes: Attributes = {}) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue }]) => [
      name,
      { DataType: dataType, StringValue: stringValue },
    ]),
  );
