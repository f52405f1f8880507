import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { relayStreamRecords } from '../../../../functions/relay-changes/handler.ts';
import { createEventsPublisher } from '../../../../shared/lambda/event-publisher.ts';
import { streamHandler } from '../../../../shared/lambda/stream-handler.ts';
import { Streams } from '../../../simulation/aws/streams.ts';
import { awsError } from '../../../simulation/virtual/network.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { versionsAfter } from '../../../support/builders/payment-history.ts';
import type { DeployedStream } from '../../../support/cdk/deployment/event-sources.ts';
import { createWorld } from '../../simulation/aws/world.ts';
import { review } from './harness.ts';

const hourMs = 3_600_000;

/** The settings of the stages on AWS: test/infra/deployment.test.ts. One lane a shard makes the test faster. */
const stream: DeployedStream = {
  folder: 'relay-changes',
  table: 'Payments',
  batchSize: 100,
  windowMs: 0,
  reportsBatchItemFailures: true,
  filters: [],
  startingPosition: 'TRIM_HORIZON',
  parallelizationFactor: 1,
  maximumRetryAttempts: undefined,
  maximumRecordAgeMs: 6 * hourMs,
  bisectBatchOnFunctionError: true,
  onFailureQueue: 'Failures',
};

const refusedId = 'pay_3-1';
const ids = Array.from({ length: 10 }, (_, index) => `pay_${index}`);

/** A bus that rejects everything until `endsAt`, in each way that EventBridge has, and then one event. */
const createBus = ({ time, random }: ReturnType<typeof createWorld>, endsAt: number) => {
  const published: string[] = [];
  const rejectAll = async (count: number) => {
    // A rejected request lasts up to three attempts of three seconds.
    await time.sleep(random.between(1_000, 9_000));
    if (random.between(0, 2) === 0) throw awsError('ThrottlingException');
    if (random.between(0, 1) === 0) throw awsError('InternalException', 'server');
    const ErrorCode = random.between(0, 1) === 0 ? 'ThrottlingException' : 'AccessDeniedException';

    return { FailedEntryCount: count, Entries: Array(count).fill({ ErrorCode }) };
  };
  const accept = (id: string) => {
    if (id === refusedId) return { ErrorCode: 'MalformedDetail' };
    published.push(id);

    return { EventId: 'taken' };
  };
  const send = async ({ input: { Entries = [] } }: PutEventsCommand) => {
    if (time.now < endsAt) return rejectAll(Entries.length);

    return { Entries: Entries.map(({ Detail = '' }) => accept(JSON.parse(Detail).id)) };
  };

  return { published, client: { send } as unknown as EventBridgeClient };
};

/** Relays the versions of ten payments, of which each has two events, through an outage of the bus. */
const playOutage = async (outageMs: number, settings: DeployedStream = stream) => {
  const world = createWorld();
  const { time } = world;
  const startsAt = time.now;
  const bus = createBus(world, startsAt + outageMs);
  const pointers: object[] = [];
  const givenUp: string[] = [];
  let invocations = 0;
  const startProcess = () =>
    streamHandler(
      relayStreamRecords({
        publish: createEventsPublisher(bus.client, 'the-bus'),
        review,
        quarantine: async (pointer) => pointers.push(pointer),
        clock: { now: () => new Date(time.now) },
      }),
    );
  // Lambda may give each invocation to another process.
  const processes = [startProcess(), startProcess()];
  const streams = new Streams({
    ...world,
    streams: [settings],
    tables: [
      {
        TableName: 'Payments',
        KeySchema: [{ AttributeName: 'paymentId', KeyType: 'HASH' }],
        AttributeDefinitions: [],
      },
    ],
    invoke: async (_folder, { Records }) => {
      invocations += 1;
      const handle = processes[invocations % 2] as ReturnType<typeof startProcess>;
      const context = { getRemainingTimeInMillis: () => 15_000 } as Context;

      return { kind: 'returned', value: await handle({ Records: [...Records] }, context) };
    },
    sendToQueue: (_queue, body) => givenUp.push(body),
  });
  let sequence = 0;
  for (const paymentId of ids) {
    const versions = versionsAfter(aPayment({ paymentId }), ['claimed', 'captured']);
    for (const [index, after] of versions.entries()) {
      sequence += 1;
      const previous = versions[index - 1];
      const before = previous && { ...previous };
      const write = { table: 'Payments', before, after: { ...after }, by: 'test' };
      streams.add({ ...write, sequence, at: time.now });
    }
  }
  await time.runUntil(startsAt + outageMs + hourMs / 2);

  return { published: bus.published, pointers, givenUp, invocations, isIdle: streams.isIdle };
};

describe('outbox relay after the bus rejected everything for five hours', () => {
  it('has given up nothing, keeps the order of each payment and quarantines a refused event', async () => {
    const { published, pointers, givenUp, invocations, isIdle } = await playOutage(5 * hourMs);

    expect(givenUp).toEqual([]);
    expect(isIdle).toBe(true);
    expect(invocations).toBeGreaterThan(1_000);
    for (const paymentId of ids) {
      const events = [`${paymentId}-1`, `${paymentId}-3`].filter((id) => id !== refusedId);
      const first = new Set(published.filter((id) => id.startsWith(`${paymentId}-`)));
      expect([...first]).toEqual(events);
    }
    expect(pointers).toMatchObject([{ refused: { id: refusedId, code: 'MalformedDetail' } }]);
  });

  it('gives up a record only for its age', async () => {
    const settings = { ...stream, maximumRecordAgeMs: hourMs / 2 };
    const { givenUp, published } = await playOutage(hourMs, settings);

    expect(published).toEqual([]);
    expect(new Set(givenUp.map((body) => JSON.parse(body).requestContext.condition))).toEqual(
      new Set(['MaximumRecordAgeExceeded']),
    );
  });
});
