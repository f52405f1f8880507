import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../config/platform.ts';
import { RejectionError } from '../domain/errors.ts';
import type { Proposal, Resolution, Review, ReviewStatus } from '../domain/reviews/review.ts';
import {
  equals,
  notExists,
  putIfAbsent,
  stillEquals,
  update,
  type Write,
} from './dynamodb/expressions.ts';
import { getItem } from './dynamodb/get-item.ts';
import { writeItem } from './dynamodb/write-item.ts';
import { filterReadable } from './readable-items.ts';

/** The sort order of the list: longest open first, or most money at risk first. */
export type ReviewSort = 'age' | 'amount';

const indexes = {
  age: { name: 'byAge', sort: 'openedAt' },
  amount: { name: 'byAmount', sort: 'amountAtRisk' },
} as const satisfies Record<ReviewSort, { name: string; sort: keyof Review }>;

/** A position in a list: the last review of the page before. */
export type ReviewPosition = Pick<Review, 'reviewId' | 'openedAt' | 'amountAtRisk'>;

export interface ReviewPageRequest {
  readonly status: ReviewStatus;
  readonly by: ReviewSort;
  readonly limit: number;
  readonly after?: ReviewPosition | undefined;
}

export interface ReviewPage {
  readonly items: readonly Review[];
  /** The position of the next page; absent at the end of the list. */
  readonly next?: ReviewPosition | undefined;
}

const resolutionConditions = ({ proposal }: Resolution) => [
  equals('status', 'OPEN'),
  ...(proposal ? [equals('proposal', proposal)] : []),
];

/** The reviews of a table. A review is opened once and resolved once; the decision is never removed. */
export const createReviewRepository = (db: Database, table: string) => {
  const find = (reviewId: string) => getItem<Review>(db, table, { reviewId });

  return {
    find,

    /** Throws the rejection review-not-found if there is no such review. */
    async getOrThrow(reviewId: string): Promise<Review> {
      const review = await find(reviewId);
      if (review !== undefined) return review;
      throw new RejectionError({
        code: 'review-not-found',
        detail: `There is no review "${reviewId}".`,
      });
    },

    insert: (review: Review): Write => putIfAbsent({ table, item: review, id: 'reviewId' }),

    /** Stores a review. Returns false if it exists already. */
    async tryInsert(review: Review): Promise<boolean> {
      const conflict = await writeItem(db, putIfAbsent({ table, item: review, id: 'reviewId' }));

      return conflict === undefined;
    },

    /**
     * OPEN -> RESOLVED; fails if the review is resolved already, or if the proposal that it approves was
     * replaced.
     */
    resolve: (reviewId: string, resolution: Resolution) =>
      update({
        table,
        key: { reviewId },
        set: { status: 'RESOLVED', decision: resolution.decision },
        append: { audit: [resolution] },
        remove: ['proposal'],
        conditions: resolutionConditions(resolution),
      }),

    /** Stores a proposal; fails if the review is resolved or has another proposal than the one read. */
    propose: ({ reviewId, proposal: replaced }: Review, proposal: Proposal) =>
      update({
        table,
        key: { reviewId },
        set: { proposal },
        conditions: [equals('status', 'OPEN'), stillEquals('proposal', replaced)],
      }),

    /**
     * Records that gateway and ledger match again. With a resolution, the open review is resolved too;
     * without, it must be resolved.
     */
    markReconciled: (reviewId: string, reconciledAt: string, resolution?: Resolution) =>
      update({
        table,
        key: { reviewId },
        set: {
          reconciledAt,
          ...(resolution && { status: 'RESOLVED', decision: resolution.decision }),
        },
        ...(resolution && { append: { audit: [resolution] }, remove: ['proposal'] }),
        conditions: [
          notExists('reconciledAt'),
          ...(resolution ? resolutionConditions(resolution) : [equals('status', 'RESOLVED')]),
        ],
      }),

    /**
     * A page of the reviews in one status. Resolved reviews come newest first. The index is eventually
     * consistent.
     */
    async page({ status, by, limit, after }: ReviewPageRequest): Promise<ReviewPage> {
      const { name, sort } = indexes[by];
      const { Items = [] } = await db.send(
        new QueryCommand({
          TableName: table,
          IndexName: name,
          KeyConditionExpression: '#status = :status',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':status': status },
          ScanIndexForward: by === 'age' && status === 'OPEN',
          // One more than the limit shows whether there is a next page.
          Limit: limit + 1,
          ...(after && {
            ExclusiveStartKey: { reviewId: after.reviewId, status, [sort]: after[sort] },
          }),
        }),
      );
      const page = Items.slice(0, limit);

      return {
        items: filterReadable<Review>('reviews', page),
        next: Items.length > limit ? (page.at(-1) as ReviewPosition | undefined) : undefined,
      };
    },
  };
};

export type ReviewRepository = ReturnType<typeof createReviewRepository>;
