import { randomUUID } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import type { Payment } from '../../../shared/domain/payments/payment.ts';

type Image = object | undefined;

const toImage = (item: object) =>
  marshall(item, { removeUndefinedValues: true }) as Record<string, AttributeValue>;

const keyNames = {
  Payments: ['paymentId'],
  Refunds: ['refundId'],
  Orders: ['orderId'],
  LoyaltyPoints: ['userId', 'entry'],
} as const;

let sequence = 0;

/** The stream record of one write. */
export const aStreamRecord = (
  table: keyof typeof keyNames,
  { before, after }: { before?: Image; after?: Image },
): DynamoDBRecord => {
  const item = Object.entries(after ?? before ?? {});
  const keys = item.filter(([name]) => (keyNames[table] as readonly string[]).includes(name));
  sequence += 1;

  return {
    eventID: randomUUID(),
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventSource: 'aws:dynamodb',
    eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-03-14T12:00:00.000`,
    dynamodb: {
      Keys: toImage(Object.fromEntries(keys)),
      SequenceNumber: String(sequence).padStart(21, '0'),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      ...(before && { OldImage: toImage(before) }),
      ...(after && { NewImage: toImage(after) }),
    },
  };
};

/** The stream records of a payment, one for each version. */
export const streamRecordsOf = (versions: readonly Payment[]): DynamoDBRecord[] =>
  versions.map((after, index) => aStreamRecord('Payments', { before: versions[index - 1], after }));
