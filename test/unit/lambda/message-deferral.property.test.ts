import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestInProgressError } from '../../../shared/domain/errors.ts';
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

type LostStep = 'nothing' | 'answer' | 'invocation';

/**
 * One queue, one consumer and its table, by a clock that only `deliver` moves. Of each wait an answer may be lost, so that the SDK sends it
 * again, or the invocation ends after it was sent, so that its own message comes again as well.
 */
const createQueue = (handle: () => Promise<never>, lose: () => LostStep = () => 'nothing') => {
  const tables = new MemoryDynamo({ Idempotency: ['id'] });
  const messages: Message[] = [];
  const delays: number[] = [];
  let now = noon.getTime();
  let sent = 0;
  let calls = 0;
  let isDead = false;
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
    if (lost === 'answer') put(attributes, DelaySeconds * 1_000);
    if (lost === 'invocation') isDead = true;

    return {};
  };
  const handler = sqsHandler(
    ['PaymentReserved'],
    {
      ...{ sqs: { send } as unknown as SQSClient, queueUrl: 'q', name: 'charge-payment' },
      deferralClaims: createDeferralClaims(tables.client, 'Idempotency'),
      clock: { now: () => new Date(now) },
      redeliveryBackoffMs: [1_000],
      inFlightRetryDelayMs: 20_000,
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
    /** Delivers the message that is visible first, at that time or later; says what the consumer reported as failed. */
    async deliver(lateMs = 0): Promise<readonly string[]> {
      messages.sort((one, other) => one.visibleAt - other.visibleAt);
      const message = messages.shift();
      if (message === undefined) throw new Error('The queue is empty.');
      now = Math.max(now, message.visibleAt) + lateMs;
      isDead = false;
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
      if (isDead || failed.length > 0) messages.push({ ...message, visibleAt: now + 60_000 });

      return failed;
    },
  };
};

const deferAlways = async (): Promise<never> => {
  throw new DeferredError('the gateway takes nothing', 10_000);
};

describe('copies of a message that waits', () => {
  it('are one again when their wait is over', async () => {
    const queue = createQueue(deferAlways, () => 'answer');
    queue.put({}, 0);

    await queue.deliver();
    const copies = queue.messages.length;
    await queue.deliver();
    await queue.deliver();

    expect(copies).toBe(2);
    expect(queue.calls()).toBe(2);
    expect(queue.messages).toHaveLength(2);
  });

  it('do not multiply, whatever answers are lost and invocations die', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.constantFrom<LostStep>('nothing', 'answer', 'invocation')),
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

          // One wait goes on. It has a copy by a lost answer; one that died comes again within six waits.
          expect(most).toBeLessThanOrEqual(16);
          expect(queue.messages.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('merge with a message that is sent again by the sweeper', async () => {
    const queue = createQueue(deferAlways);
    queue.put({}, 0);
    queue.put({}, 4_321);

    for (let round = 0; round < 5; round += 1) await queue.deliver();

    expect(queue.messages).toHaveLength(1);
  });

  it('leave the message that went on in place, when it comes again after its invocation died', async () => {
    let lost: LostStep = 'nothing';
    const queue = createQueue(deferAlways, () => lost);
    queue.put({}, 0);
    await queue.deliver();
    lost = 'invocation';
    await queue.deliver();
    // The copy that it had sent before it died is lost as well.
    queue.messages.shift();
    lost = 'nothing';

    await queue.deliver();

    expect(queue.calls()).toBe(3);
    expect(queue.messages).toHaveLength(1);
  });

  it('are not taken for each other by a consumer whose clock is behind', async () => {
    const queue = createQueue(deferAlways);
    queue.put({}, 0);

    for (let round = 0; round < 4; round += 1) await queue.deliver(-1_500);

    expect(queue.calls()).toBe(4);
    expect(queue.messages).toHaveLength(1);
  });
});

describe('a message that waits', () => {
  it('waits for a time that is known until then, to the second', async () => {
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

  it('begins to wait now, however long ago it was sent', async () => {
    const queue = createQueue(deferAlways);
    queue.put({}, 0);
    queue.wait(2 * maxDeferralMs);

    expect(await queue.deliver()).toEqual([]);
    expect(queue.messages).toHaveLength(1);
  });

  it('is looked at ever less often while another invocation has its event in hand', async () => {
    const queue = createQueue(async () => {
      throw new RequestInProgressError();
    });
    queue.put({}, 0);

    for (let round = 0; round < 12; round += 1) await queue.deliver();

    expect(queue.delays[0]).toBeLessThanOrEqual(20);
    expect(queue.delays.at(-1)).toBe(60);
  });

  it('is a failure once it has waited for a day, so that it ends among the dead letters', async () => {
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

describe('when a message is due that waits for about so long', () => {
  const anyWait = fc.record({
    id: fc.uuid(),
    now: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
    afterMs: fc.integer({ min: 0, max: 1_000_000 }),
  });

  it('is later, and no later than it was to wait, or a second', () => {
    fc.assert(
      fc.property(anyWait, ({ id, now, afterMs }) => {
        const due = deferredUntil(id, now, afterMs);

        expect(due).toBeGreaterThan(now);
        expect(due - now).toBeLessThanOrEqual(Math.max(afterMs, 1_000));
      }),
    );
  });

  it('is the same instant for all that wait within one period', () => {
    fc.assert(
      fc.property(anyWait, fc.double({ min: 0, max: 1, noNaN: true }), (wait, part) => {
        const due = deferredUntil(wait.id, wait.now, wait.afterMs);
        const between = Math.floor(wait.now + (due - 1 - wait.now) * part);

        expect(deferredUntil(wait.id, between, wait.afterMs)).toBe(due);
      }),
    );
  });

  it('is another instant for another message, so that not all come at once', () => {
    const dues = Array.from({ length: 100 }, (_, id) =>
      deferredUntil(`pay_${id}-1`, noon.getTime(), 30_000),
    );

    expect(new Set(dues).size).toBeGreaterThan(20);
  });
});
