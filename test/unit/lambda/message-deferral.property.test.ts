import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDomainEvent } from '../../../shared/domain/events/domain-event.ts';
import {
  DeferredError,
  deferredUntil,
  maxDeferralMs,
} from '../../../shared/lambda/message-deferral.ts';
import { queueMessageBody } from '../../../shared/lambda/queued-event.ts';
import { sqsHandler } from '../../../shared/lambda/sqs-handler.ts';
import { createDeferralClaims } from '../../../shared/persistence/deferral-claims.ts';
import { noon } from '../../support/builders/builders.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';

interface Message {
  readonly messageId: string;
  readonly attributes: SQSRecord['messageAttributes'];
  readonly sentAt: number;
  readonly visibleAt: number;
}

const body = queueMessageBody(
  createDomainEvent(
    'PaymentReserved',
    { subject: 'pay_1', version: 1, at: noon.toISOString() },
    { paymentId: 'pay_1', orderId: 'ord_1', userId: 'alice', amount: 1, currency: 'KRW' },
  ),
);

const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 9_000 } as unknown as Context;

type LostStep = 'nothing' | 'response' | 'invocation';

/**
 * Models one queue, one consumer and its table, with a clock that only `deliver` advances. For each deferral
 * the response can be lost, so that the SDK sends the copy again, or the invocation can crash after sending
 * it, so that its message returns.
 */
const createQueue = (handle: () => Promise<never>, lose: () => LostStep = () => 'nothing') => {
  const tables = new MemoryDynamo({ Idempotency: ['id'] });
  const messages: Message[] = [];
  const delays: number[] = [];
  let now = noon.getTime();
  let sent = 0;
  let calls = 0;
  let hasCrashed = false;
  const put = (attributes: Message['attributes'], delayMs: number) => {
    sent += 1;
    messages.push({
      messageId: `m${sent}`,
      attributes,
      sentAt: now,
      visibleAt: now + delayMs,
    });
  };
  const send = async (command: unknown) => {
    if (!(command instanceof SendMessageCommand)) return {};
    const { DelaySeconds = 0, MessageAttributes = {} } = command.input;
    const attributes = Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
        name,
        { dataType: DataType, stringValue: StringValue },
      ]),
    ) as unknown as Message['attributes'];
    delays.push(DelaySeconds);
    put(attributes, DelaySeconds * 1_000);
    const lost = lose();
    if (lost === 'response') put(attributes, DelaySeconds * 1_000);
    if (lost === 'invocation') hasCrashed = true;

    return {};
  };
  const handler = sqsHandler(
    ['PaymentReserved'],
    {
      ...{ sqs: { send } as unknown as SQSClient, queueUrl: 'q', name: 'charge-payment' },
      deferralClaims: createDeferralClaims(tables.client, 'Idempotency'),
      clock: { now: () => new Date(now) },
      redeliveryBackoffMs: [1_000],
    },
    async () => {
      calls += 1;

      return handle();
    },
  );

  return {
    messages,
    delays,
    calls: () => calls,
    put,
    wait: (ms: number) => {
      now += ms;
    },
    /** Delivers the first visible message. Returns the failures that the consumer reported. */
    async deliver(lateMs = 0): Promise<readonly string[]> {
      messages.sort((one, other) => one.visibleAt - other.visibleAt);
      const message = messages.shift();
      if (message === undefined) throw new Error('The queue is empty.');
      now = Math.max(now, message.visibleAt) + lateMs;
      hasCrashed = false;
      const record = {
        messageId: message.messageId,
        receiptHandle: message.messageId,
        body,
        attributes: { ApproximateReceiveCount: '1', SentTimestamp: `${message.sentAt}` },
        messageAttributes: message.attributes,
        eventSource: 'aws:sqs',
      };
      const event = { Records: [record] } as unknown as SQSEvent;
      const { batchItemFailures } = (await handler(event, context)) as SQSBatchResponse;
      const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      if (hasCrashed || failed.length > 0) messages.push({ ...message, visibleAt: now + 60_000 });

      return failed;
    },
  };
};

const deferAlways = async (): Promise<never> => {
  throw new DeferredError('the gateway is unavailable', 10_000);
};

describe('copies of a deferred message', () => {
  it('become one message at the due time', async () => {
    const queue = createQueue(deferAlways, () => 'response');
    queue.put({}, 0);

    await queue.deliver();
    const copies = queue.messages.length;
    await queue.deliver();
    await queue.deliver();

    expect(copies).toBe(2);
    expect(queue.calls()).toBe(2);
    expect(queue.messages).toHaveLength(2);
  });

  it('do not multiply with lost responses and crashed invocations', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.constantFrom<LostStep>('nothing', 'response', 'invocation')),
        fc.infiniteStream(fc.nat({ max: 2_000 })),
        fc.nat({ max: 3 }),
        async (losses, latenesses, duplicates) => {
          const queue = createQueue(deferAlways, () => losses.next().value);
          for (let copy = 0; copy <= duplicates; copy += 1) queue.put({}, copy * 3_000);
          let most = 0;
          for (let round = 0; round < 200; round += 1) {
            await queue.deliver(latenesses.next().value);
            if (round > 50) most = Math.max(most, queue.messages.length);
          }

          // One deferral goes on, with a copy from a lost response; that of a crash returns within six
          // deferrals.
          expect(most).toBeLessThanOrEqual(16);
          expect(queue.messages.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('merge with a message that the sweeper replays', async () => {
    const queue = createQueue(deferAlways);
    queue.put({}, 0);
    queue.put({}, 4_321);

    for (let round = 0; round < 5; round += 1) await queue.deliver();

    expect(queue.messages).toHaveLength(1);
  });

  it('do not replace the processed message after its invocation crashed', async () => {
    let lost: LostStep = 'nothing';
    const queue = createQueue(deferAlways, () => lost);
    queue.put({}, 0);
    await queue.deliver();
    lost = 'invocation';
    await queue.deliver();
    // The copy that it sent before the crash is lost too.
    queue.messages.shift();
    lost = 'nothing';

    await queue.deliver();

    expect(queue.calls()).toBe(3);
    expect(queue.messages).toHaveLength(1);
  });

  it('stay distinct for a consumer whose clock is behind', async () => {
    const queue = createQueue(deferAlways);
    queue.put({}, 0);

    for (let round = 0; round < 4; round += 1) await queue.deliver(-1_500);

    expect(queue.calls()).toBe(4);
    expect(queue.messages).toHaveLength(1);
  });
});

describe('deferred message', () => {
  it('waits for a known time, to the second', async () => {
    const until = noon.getTime() + 7_300;
    const queue = createQueue(async () => {
      throw new DeferredError('claim lease active', 7_300, { until });
    });
    queue.put({}, 0);

    await queue.deliver();

    expect(queue.delays).toEqual([8]);
    expect(queue.messages[0]?.attributes).toMatchObject({
      waitDue: { stringValue: `${until}` },
      waitSince: { stringValue: `${noon.getTime()}` },
    });
  });

  it('begins its deferral now, however old it is', async () => {
    const queue = createQueue(deferAlways);
    queue.put({}, 0);
    queue.wait(2 * maxDeferralMs);

    expect(await queue.deliver()).toEqual([]);
    expect(queue.messages).toHaveLength(1);
  });

  it('fails after a day of deferrals and so reaches the DLQ', async () => {
    const queue = createQueue(deferAlways);
    queue.put({}, 0);
    await queue.deliver();
    const [first] = queue.messages;

    queue.wait(maxDeferralMs + 1);
    const failed = await queue.deliver();

    expect(failed).toEqual([first?.messageId]);
    expect(queue.delays).toHaveLength(1);
  });
});

describe('due time of a deferral', () => {
  const anyWait = fc.record({
    id: fc.uuid(),
    now: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
    afterMs: fc.integer({ min: 0, max: 1_000_000 }),
  });

  it('is in the future, at most the delay or a second away', () => {
    fc.assert(
      fc.property(anyWait, ({ id, now, afterMs }) => {
        const due = deferredUntil(id, now, afterMs);

        expect(due).toBeGreaterThan(now);
        expect(due - now).toBeLessThanOrEqual(Math.max(afterMs, 1_000));
      }),
    );
  });

  it('is the same instant within one period', () => {
    fc.assert(
      fc.property(anyWait, fc.double({ min: 0, max: 1, noNaN: true }), (wait, part) => {
        const due = deferredUntil(wait.id, wait.now, wait.afterMs);
        const between = Math.floor(wait.now + (due - 1 - wait.now) * part);

        expect(deferredUntil(wait.id, between, wait.afterMs)).toBe(due);
      }),
    );
  });

  it('differs between messages', () => {
    const dues = Array.from({ length: 100 }, (_, id) =>
      deferredUntil(`pay_${id}-1`, noon.getTime(), 30_000),
    );

    expect(new Set(dues).size).toBeGreaterThan(20);
  });
});
