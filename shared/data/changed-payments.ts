import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Payment } from '../domain/payment.ts';

/** Reads the whole table for payments that changed in a time (ISO 8601, both ends included): for the rare day when a stream was given up. */
export const changedPaymentsIn =
  (db: DynamoDBDocumentClient, table: string) =>
  async (from: string, to: string): Promise<readonly Payment[]> => {
    const found: Payment[] = [];
    const pages = paginateScan(
      { client: db },
      {
        TableName: table,
        FilterExpression: '#updatedAt BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#updatedAt': 'updatedAt' },
        ExpressionAttributeValues: { ':from': from, ':to': to },
      },
    );
    for await (const { Items = [] } of pages) found.push(...(Items as Payment[]));

    return found;
  };
