import { createDatabase } from '../../../../shared/config/system-runtime.ts';
import 'aws-sdk-client-mock-vitest/extend';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { listReviews } from '../../../../functions/list-reviews/handler.ts';
import { operation } from '../../../../functions/list-reviews/operation.ts';
import { type Review, reviewKinds } from '../../../../shared/domain/reviews/review.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { operatorScope } from '../../../../shared/http/routes.ts';
import { createReviewRepository } from '../../../../shared/persistence/review-repository.ts';
import { call } from '../../../support/harness/invoke-handler.ts';

const db = mockClient(DynamoDBDocumentClient);
const reviews = createReviewRepository(
  createDatabase(db as unknown as DynamoDBDocumentClient),
  'Reviews',
);
const handler = httpHandler(listReviews({ reviews }));

const aReview = (name: string, given: Partial<Review> = {}): Review => ({
  reviewId: `rev_${name}`,
  kind: 'payment',
  paymentId: `pay_${name}`,
  orderId: 'ord_1',
  userId: 'alice',
  version: 3,
  code: 'pg-mismatch',
  amountAtRisk: 5_000,
  currency: 'KRW',
  status: 'OPEN',
  openedAt: '2026-03-14T12:00:00.000Z',
  audit: [],
  ...given,
});

const list = (query: Record<string, string | number> = {}, scope: string = operatorScope) =>
  call(handler, { method: 'GET', path: '/operator/reviews', buyer: 'olivia', scope, query });

beforeEach(() => {
  db.reset();
  db.on(QueryCommand).resolves({ Items: [] });
});

describe('list reviews', () => {
  it('returns the open reviews, oldest first, by default', async () => {
    db.on(QueryCommand).resolves({ Items: [aReview('1')] });

    const { status, body } = await list();

    expect(status).toBe(200);
    operation.responses[200]?.schema?.parse(body);
    expect(body).toEqual({
      items: [expect.objectContaining({ reviewId: 'rev_1', amountAtRisk: 5_000 })],
    });
    expect(db).toHaveReceivedCommandWith(QueryCommand, {
      TableName: 'Reviews',
      IndexName: 'byAge',
      ExpressionAttributeValues: { ':status': 'OPEN' },
      ScanIndexForward: true,
      Limit: 21,
    });
  });

  it.each(reviewKinds)('shows a review of kind %s', async (kind) => {
    db.on(QueryCommand).resolves({ Items: [aReview('1', { kind })] });

    expect(await list()).toMatchObject({ status: 200, body: { items: [{ kind }] } });
  });

  it.each([
    [{ by: 'amount' }, 'byAmount', 'OPEN'],
    [{ status: 'RESOLVED' }, 'byAge', 'RESOLVED'],
    [{ status: 'RESOLVED', by: 'amount' }, 'byAmount', 'RESOLVED'],
  ])('starts by %o with the largest amount or the newest', async (query, IndexName, status) => {
    await list(query);

    expect(db).toHaveReceivedCommandWith(QueryCommand, {
      IndexName,
      ExpressionAttributeValues: { ':status': status },
      ScanIndexForward: false,
    });
  });

  it.each([
    ['age', { openedAt: '2026-03-14T12:00:00.000Z' }],
    ['amount', { amountAtRisk: 5_000 }],
  ])('continues by %s after the previous page', async (by, sortKey) => {
    db.on(QueryCommand).resolvesOnce({ Items: [aReview('1'), aReview('2'), aReview('3')] });
    const { body } = await list({ by, limit: 2 });

    await list({ by, limit: 2, cursor: body.nextCursor });

    expect(body.items.map(({ reviewId }: Review) => reviewId)).toEqual(['rev_1', 'rev_2']);
    expect(db).toHaveReceivedLastCommandWith(QueryCommand, {
      ExclusiveStartKey: { reviewId: 'rev_2', status: 'OPEN', ...sortKey },
    });
  });

  it('ends after the last page', async () => {
    db.on(QueryCommand).resolves({ Items: [aReview('1'), aReview('2')] });

    expect((await list({ limit: 2 })).body).not.toHaveProperty('nextCursor');
  });

  it('rejects the cursor of another list', async () => {
    db.on(QueryCommand).resolvesOnce({ Items: [aReview('1'), aReview('2')] });
    const { body } = await list({ limit: 1 });

    expect(await list({ by: 'amount', cursor: body.nextCursor })).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'cursor' }] },
    });
  });

  it('rejects a caller who is not an operator', async () => {
    expect(await list({}, '')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(db).not.toHaveReceivedCommand(QueryCommand);
  });

  it('continues past a review that cannot be read', async () => {
    const bent = { ...aReview('2'), audit: { __proto__: null } } as unknown as Review;
    db.on(QueryCommand).resolves({ Items: [aReview('1'), bent, aReview('3')] });

    const { status, body } = await list({ limit: 2 });

    expect(status).toBe(200);
    expect(body.items).toMatchObject([{ reviewId: 'rev_1' }]);
    db.on(QueryCommand).resolves({ Items: [aReview('3')] });
    const next = await list({ limit: 2, cursor: body.nextCursor });
    expect(next.body.items).toMatchObject([{ reviewId: 'rev_3' }]);
    expect(db).toHaveReceivedLastCommandWith(QueryCommand, {
      ExclusiveStartKey: expect.objectContaining({ reviewId: 'rev_2' }),
    });
  });
});
