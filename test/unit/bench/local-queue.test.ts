import type { SQSEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import { createLocalQueue, type LocalQueueOptions } from '../../bench/host/local-queue.ts';
import { eventually } from '../../support/eventually.ts';

const bodiesOf = ({ Records }: SQSEvent) => Records.map(({ body }) => body);

const aQueue = (given: Partial<LocalQueueOptions>) => {
  const batches: SQSEvent[] = [];
  const queue = createLocalQueue({
    batchSize: 10,
    concurrency: 1,
    visibilityMs: 5,
    maxReceiveCount: 3,
    ...given,
    consume: async (batch) => {
      batches.push(batch);

      return given.consume?.(batch);
    },
  });

  return { queue, batches };
};

it('delivers messages sent together as one batch, up to the maximum', async () => {
  const { queue, batches } = aQueue({ batchSize: 2 });

  for (const body of ['a', 'b', 'c']) queue.send(body);

  await eventually(async () => expect(batches.map(bodiesOf)).toEqual([['a', 'b'], ['c']]));
  expect(queue.depth).toBe(0);
});

it('limits concurrent batches', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { queue, batches } = aQueue({ batchSize: 1, concurrency: 2, consume: () => promise });

  for (const body of ['a', 'b', 'c']) queue.send(body);

  await eventually(async () => expect(batches).toHaveLength(2));
  expect(queue.depth).toBe(3);
  resolve();
  await eventually(async () => expect(batches).toHaveLength(3));
});

it('redelivers only failed messages and finally dead-letters them', async () => {
  const { queue, batches } = aQueue({
    consume: async ({ Records }) => ({
      batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    }),
  });

  queue.send('good');
  queue.send('bad');

  await eventually(async () => expect(queue.deadLetters).toBe(1));
  expect(batches.map(bodiesOf)).toEqual([['good', 'bad'], ['bad'], ['bad']]);
  expect(batches.at(-1)?.Records[0]?.attributes.ApproximateReceiveCount).toBe('3');
  expect(queue.depth).toBe(0);
});

it('redelivers the whole batch if the function throws', async () => {
  const { queue } = aQueue({ consume: () => Promise.reject(new Error('broken')) });

  queue.send('a');
  queue.send('b');

  await eventually(async () => expect(queue.deadLetters).toBe(2));
});

it('redelivers a failed message at the time that its consumer set', async () => {
  const { queue, batches } = aQueue({
    visibilityMs: 3_600_000,
    maxReceiveCount: 2,
    consume: async ({ Records: [record] }) => {
      queue.changeVisibility(record?.receiptHandle ?? '', 1);

      return { batchItemFailures: [{ itemIdentifier: record?.messageId }] };
    },
  });

  queue.send('a');

  await eventually(async () => expect(batches).toHaveLength(2));
});

it('waits for a full batch up to the batching window', async () => {
  const { queue, batches } = aQueue({ batchSize: 2, windowMs: 200, concurrency: 10 });

  queue.send('a');
  setImmediate(() => queue.send('b'));
  setImmediate(() => queue.send('c'));

  await eventually(async () => expect(batches.map(bodiesOf)).toEqual([['a', 'b'], ['c']]));
});

it('delays messages sent with a delay', async () => {
  const { queue, batches } = aQueue({});

  queue.send('later', 1);
  queue.send('now');

  // On a slow machine the delay ends before the first delivery, and both messages are one batch.
  await eventually(async () => expect(batches.flatMap(bodiesOf)).toEqual(['now', 'later']));
});
