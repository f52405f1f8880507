import type { Database } from '../config/platform.ts';
import { putIfAbsent } from './dynamodb/expressions.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** The copies of a deferred message arrive within moments of each other, so a day is enough. */
const retentionMs = 86_400_000;

/** The claims of deferred messages, stored in the idempotency table. */
export const createDeferralClaims = (db: Database, table: string) => ({
  /**
   * Claims a deferral for one message. Returns true if that message holds the claim, also from an earlier
   * delivery, and false for every other copy.
   */
  async claim(deferralId: string, messageId: string, at: Date): Promise<boolean> {
    const expiration = Math.ceil((at.getTime() + retentionMs) / 1_000);
    const item = { id: deferralId, messageId, expiration };
    const conflict = await writeItem(db, putIfAbsent({ table, item, id: 'id' }));

    return conflict === undefined || conflict.stored?.messageId === messageId;
  },
});
