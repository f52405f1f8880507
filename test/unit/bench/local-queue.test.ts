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

it('gives what comes at once as one batch, so many at most', async () => {
  const { queue, batches } = aQueue({ batchSize: 2 });

  for (const body of ['a', 'b', 'c']) queue.send(body);

  await eventually(async () => expect(batches.map(bodiesOf)).toEqual([['a', 'b'], ['c']]));
  expect(queue.depth).toBe(0);
});

it('has so many batches at work at a time', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { queue, batches } = aQueue({ batchSize: 1, concurrency: 2, consume: () => promise });

  for (const body of ['a', 'b', 'c']) queue.send(body);

  await eventually(async () => expect(batches).toHaveLength(2));
  expect(queue.depth).toBe(3);
  resolve();
  await eventually(async () => expect(batches).toHaveLength(3));
});

it('gives again only what its batch reports as failed, and then lets it go to the dead letters', async () => {
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

it('gives the whole batch again when its function throws', async () => {
  const { queue } = aQueue({ consume: () => Promise.reject(new Error('broken')) });

  queue.send('a');
  queue.send('b');

  await eventually(async () => expect(queue.deadLetters).toBe(2));
});

it('gives a failed message again when its consumer said so', async () => {
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

it('lets a batch wait to be full, for so long at most', async () => {
  const { queue, batches } = aQueue({ batchSize: 2, windowMs: 200, concurrency: 10 });

  queue.send('a');
  setImmediate(() => queue.send('b'));
  setImmediate(() => queue.send('c'));

  await eventually(async () => expect(batches.map(bodiesOf)).toEqual([['a', 'b'], ['c']]));
});

it('delays what is sent with a delay', async () => {
  const { queue, batches } = aQueue({});

  queue.send('later', 1);
  queue.send('now');

  // On a slow machine its time has come before anything is taken out, and both are one batch.
  await eventually(async () => expect(batches.flatMap(bodiesOf)).toEqual(['now', 'later']));
});
