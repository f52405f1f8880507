import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Clock } from '../domain/time.ts';

/** The longest delay that SQS gives a message. */
export const maxDelayMs = 900_000;

/** A message that has waited for so long in a row is a failure, and so a dead letter in the end. */
export const maxDeferralMs = 86_400_000;

/** How long a message is to wait: until a time that every copy of it knows, or for about so long. */
export interface Deferral {
  readonly reason: string;
  readonly delayMs: number;
  /** Milliseconds since the epoch. */
  readonly until?: number | undefined;
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

/** Stores which copy of a message owns a deferral. */
export interface DeferralClaims {
  /** Claims the deferral for one message. Returns true if that message holds the claim, and false for every other copy. */
  claim(deferralId: string, messageId: string, at: Date): Promise<boolean>;
}

interface Dependencies {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** The function whose queue it is: it keeps its waits apart from those of others. */
  readonly name: string;
  readonly claims: DeferralClaims;
  readonly clock: Clock;
}

/** Travel with a message that waits: until when, and since when it has been waiting. Milliseconds since the epoch. */
const dueAttribute = 'waitDue';
const sinceAttribute = 'waitSince';

/** Each divides the next one, so that whatever waits in one period meets what waits in the next. */
const deferralPeriodsMs = [1, 5, 10, 30, 60, 300, 900].map((seconds) => seconds * 1_000);

/**
 * When a message is due that is to wait for about so long: the next boundary of the longest period within that time. So copies of a message
 * are due at the same instant, however they came to be. Each message has boundaries of its own, lest all come at once.
 */
export const deferredUntil = (id: string, now: number, delayMs: number): number => {
  const period = deferralPeriodsMs.findLast((each) => each <= delayMs) ?? 1_000;
  const phase =
    ([...id].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) % 900) * 1_000;
  const elapsedInPeriod = (((now - phase) % period) + period) % period;

  return now + period - elapsedInPeriod;
};

/**
 * How messages of one queue wait: as copies with a delay, because a failure would count towards the dead letters. A copy carries its due
 * time, and of all copies that were sent for one wait, by a lost answer or a crash, the first to arrive claims it and the others end.
 */
export const createMessageDeferral = ({ sqs, queueUrl, name, claims, clock }: Dependencies) => ({
  /** Whether a message is the one that goes on: it has not waited, or it is the first of its copies. */
  async isFirstCopy(
    { messageId, messageAttributes }: SQSRecord,
    eventId: string,
  ): Promise<boolean> {
    const due = numericAttribute(messageAttributes, dueAttribute);

    return (
      due === undefined || claims.claim(`${name}#wait#${eventId}#${due}`, messageId, clock.now())
    );
  },

  /** How long a message has been waiting in a row, in milliseconds. */
  deferredForMs: (record: SQSRecord): number =>
    clock.now().getTime() - deferredSince(record, clock),

  /** Sends a copy that is due when the wait is over, and returns its delay in seconds. */
  async requeue(record: SQSRecord, eventId: string, { delayMs, until }: Deferral): Promise<number> {
    const now = clock.now().getTime();
    const { body, messageAttributes } = record;
    // By the clock of another machine the last wait may not be over yet: the next one must not be taken for it.
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

type Attributes = SQSRecord['messageAttributes'];

const toNumberAttribute = (value: number) => ({ DataType: 'Number', StringValue: String(value) });

const numericAttribute = (attributes: Attributes | undefined, name: string): number | undefined => {
  const value = Number(attributes?.[name]?.stringValue);

  return Number.isFinite(value) ? value : undefined;
};

/** A message that has not waited yet begins now, however long ago it was sent. */
const deferredSince = ({ messageAttributes }: SQSRecord, clock: Clock): number =>
  numericAttribute(messageAttributes, sinceAttribute) ?? clock.now().getTime();

/** A copy keeps what travels with a message, such as how often it was taken out of the dead letters. */
const copyAttributes = (attributes: Attributes = {}) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue }]) => [
      name,
      { DataType: dataType, StringValue: stringValue },
    ]),
  );
