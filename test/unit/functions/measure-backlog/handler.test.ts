import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { measureBacklog } from '../../../../functions/measure-backlog/handler.ts';
import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import { dueShards } from '../../../../shared/domain/due-index.ts';
import type { Review } from '../../../../shared/domain/reviews/review.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import {
  createPaymentBacklogReader,
  createReviewBacklogReader,
} from '../../../../shared/persistence/backlog-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const backlog = createPaymentBacklogReader(
  createDatabase(dynamo as unknown as DynamoDBDocumentClient),
  'Payments',
);
const unknown = aPayment({
  paymentId: 'pay_1',
  status: 'UNKNOWN',
  amount: 1_000,
  at: new Date(noon.getTime() - 45_000),
});
const { paymentId, dueShard, dueAt } = unknown;
const entry = { paymentId, dueShard, dueAt };
const fullPage = {
  Items: Array.from({ length: 500 }, () => entry),
  LastEvaluatedKey: { paymentId: 'pay_1' },
};
const inShard = (shard: string) => ({ ExpressionAttributeValues: { ':shard': shard } });

beforeEach(() => {
  dynamo.reset();
  dynamo.on(QueryCommand).resolves({});
  dynamo.on(BatchGetCommand).resolves({ Responses: { Payments: [unknown] } });
});

afterEach(() => {
  vi.restoreAllMocks();
});

it('reads every shard to its end, and no second page after 20,000 payments', async () => {
  dynamo
    .on(QueryCommand, inShard('0'))
    .resolvesOnce({ ...fullPage, Items: [entry] })
    .resolves({ Items: [entry] });
  dynamo.on(QueryCommand, inShard('63')).resolves(fullPage);

  await backlog();

  const queries = dynamo.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);
  expect(queries.map((one) => one.ExpressionAttributeValues?.[':shard']).sort()).toEqual(
    ['0', ...dueShards, ...Array(39).fill('63')].sort(),
  );
  expect(queries.filter(({ ExclusiveStartKey }) => ExclusiveStartKey)).toHaveLength(1 + 39);
  expect(queries.map(({ Limit }) => Limit)).toEqual(queries.map(() => 500));
});

it('reads the first page of every shard, also after 20,000 payments', async () => {
  dynamo.on(QueryCommand).resolves(fullPage);

  await backlog();

  const queries = dynamo.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);
  const shards = queries.map((one) => one.ExpressionAttributeValues?.[':shard']);
  // The first sixteen are read together, until they have 20,000 payments.
  expect(shards.slice(48).toSorted()).toEqual(dueShards.slice(16).toSorted());
});

it('reads at most sixteen shards at once', async () => {
  let running = 0;
  let most = 0;
  dynamo.on(QueryCommand).callsFake(async () => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;

    return {};
  });

  await backlog();

  expect(most).toBe(16);
});

it('reads what it counts from the table, because the index has only keys', async () => {
  const tables = new MemoryDynamo({ Payments: ['paymentId'] });
  const completed = afterTransitions(aPayment(), 'claimed', 'captured');
  for (const one of [unknown, aPayment(), completed]) tables.put('Payments', one);

  const found = await createPaymentBacklogReader(tables.client, 'Payments')();

  const { status, amount, currency, createdAt } = unknown;
  expect(found).toHaveLength(2);
  expect(found).toContainEqual({ status, amount, currency, createdAt });
});

it('measures each state, and an absent one as 0', async () => {
  const metrics = captureMetrics();
  dynamo.on(QueryCommand, inShard('2')).resolves({ Items: [entry] });

  const page = vi.fn(async () => ({
    items: [{ amountAtRisk: 700, currency: 'KRW', openedAt: noon.toISOString() } as Review],
    next: undefined,
  }));

  await measureBacklog({
    findPendingPayments: backlog,
    findOpenReviews: createReviewBacklogReader({ page }),
    clock: { now: () => noon },
  })();
  flushMetrics();

  expect(metrics).toEqual([
    { state: 'REQUIRES_METHOD', BacklogPayments: 0, BacklogOldestAge: 0 },
    { state: 'REQUIRES_ACTION', BacklogPayments: 0, BacklogOldestAge: 0 },
    { state: 'UNKNOWN', BacklogPayments: 1, BacklogOldestAge: 45 },
    { state: 'UNKNOWN', currency: 'KRW', BacklogAmount: 1_000 },
    { state: 'FAILED', BacklogPayments: 0, BacklogOldestAge: 0 },
    { state: 'IN_REVIEW', BacklogPayments: 1, BacklogOldestAge: 0 },
    { state: 'IN_REVIEW', currency: 'KRW', BacklogAmount: 700 },
  ]);
});

it('reads the open reviews page by page', async () => {
  const next = { reviewId: 'rev_1', openedAt: noon.toISOString(), amountAtRisk: 1 };
  const page = vi.fn(async () => ({ items: [], next }));

  await createReviewBacklogReader({ page })();

  expect(page).toHaveBeenCalledTimes(10);
  expect(page).toHaveBeenLastCalledWith(expect.objectContaining({ status: 'OPEN', after: next }));
});
