import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { putIfAbsent } from './dynamodb/expressions.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** Copies of a message live as long as their queue keeps them; they arrive within moments of each other, or not at all. */
const retentionMs = 86_400_000;

/** Which message has taken a wait on itself, in the table of idempotency records and beside them. */
export const createDeferralClaims = (db: DynamoDBDocumentClient, table: string) => ({
  /** Claims a wait for one message: true also where that message has claimed it before, and false for every copy of it. */
  async claim(deferralId: string, messageId: string, at: Date): Promise<boolean> {
    const expiration = Math.ceil((at.getTime() + retentionMs) / 1_000);
    const item = { id: deferralId, messageId, expiration };
    const conflict = await writeItem(db, putIfAbsent({ table, item, id: 'id' }));

    return conflict === undefined || conflict.stored?.messageId === messageId;
  },
});

export type DeferralClaims = ReturnType<typeof createDeferralClaims>;
