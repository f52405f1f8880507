import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Payment } from '../domain/payment.ts';

/** A place in a buyer's list: the last payment that was seen. */
export type Position = Pick<Payment, 'createdAt' | 'paymentId'>;

export interface PageRequest {
  readonly userId: string;
  readonly limit: number;
  readonly after?: Position | undefined;
  /** Which payments are wanted; all where it is left out. */
  readonly wanted?: ((payment: Payment) => boolean) | undefined;
}

export interface Page {
  readonly items: readonly Payment[];
  /** Where to go on; none at the end of the list. */
  readonly next?: Position | undefined;
}

// A filter that finds little reads this much at most before it answers with what it has, and where to go on.
const mostReads = 10;
const paymentsPerRead = 100;

const positionOf = ({ createdAt, paymentId }: Position): Position => ({ createdAt, paymentId });

/**
 * The payments of a buyer, newest first, a page at a time. The index follows the table after a moment, so a payment may be missing or
 * one state behind for as long.
 *
 * What is wanted is asked of each payment read: a filter of DynamoDB would cost the same reads, and say a second time what a status is.
 */
export const paymentsOfBuyerIn = (db: DynamoDBDocumentClient, table: string) => {
  const read = async (userId: string, most: number, after: Position | undefined) => {
    const { Items = [], LastEvaluatedKey: last } = await db.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'byUser',
        KeyConditionExpression: '#userId = :userId',
        ExpressionAttributeNames: { '#userId': 'userId' },
        ExpressionAttributeValues: { ':userId': userId },
        ScanIndexForward: false,
        Limit: most,
        ...(after && { ExclusiveStartKey: { ...after, userId } }),
      }),
    );

    return { items: Items as Payment[], last: last && positionOf(last as Position) };
  };

  return {
    async page({ userId, limit, after, wanted }: PageRequest): Promise<Page> {
      const found: Payment[] = [];
      let next = after;
      for (let reads = 0; reads < mostReads; reads += 1) {
        // One more than asked for tells whether the list goes on.
        const { items, last } = await read(userId, wanted ? paymentsPerRead : limit + 1, next);
        found.push(...(wanted ? items.filter(wanted) : items));
        if (found.length > limit) return pageOf(found.slice(0, limit));
        if (last === undefined) return { items: found };
        next = last;
      }

      return { items: found, next };
    },
  };
};

const pageOf = (items: readonly Payment[]): Page => {
  const last = items.at(-1);

  return { items, ...(last && { next: positionOf(last) }) };
};

export type PaymentsOfBuyer = ReturnType<typeof paymentsOfBuyerIn>;
