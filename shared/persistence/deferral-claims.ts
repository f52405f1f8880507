import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { putNew } from './dynamodb/expressions.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** Copies of a message live as long as their queue keeps them; they arrive within moments of each other, or not at all. */
const keptMs = 86_400_000;

/** Which message has taken a wait on itself, in the table of idempotency records and beside them. */
export const waitsIn = (db: DynamoDBDocumentClient, table: string) => ({
  /** Claims a wait for one message: true also where that message has claimed it before, and false for every copy of it. */
  async claim(wait: string, messageId: string, at: Date): Promise<boolean> {
    const expiration = Math.ceil((at.getTime() + keptMs) / 1_000);
    const item = { id: wait, messageId, expiration };
    const refused = await writeItem(db, putNew({ table, item, id: 'id' }));

    return refused === undefined || refused.stored?.messageId === messageId;
  },
});

export type Waits = ReturnType<typeof waitsIn>;
