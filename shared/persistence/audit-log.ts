import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ServiceUnavailableError } from '../domain/errors.ts';
import { putIfAbsent } from './dynamodb/expressions.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** What an operator did by hand, kept before it was done. */
export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
  readonly action: string;
  /** What it was done to: unique within one instant. */
  readonly subject: string;
  readonly detail: object;
}

/** What operators did by hand, by day: written once and never changed. */
export const createAuditLog = (db: DynamoDBDocumentClient, table: string) => ({
  async append(auditEntry: AuditEntry): Promise<void> {
    const item = {
      day: auditEntry.at.slice(0, 'yyyy-mm-dd'.length),
      entry: `${auditEntry.at}#${auditEntry.subject}`,
      ...auditEntry,
    };
    const conflict = await writeItem(db, putIfAbsent({ table, item, id: 'day' }));
    // The same entry is there: its request was sent twice, for the first answer was lost.
    if (!conflict || isDeepStrictEqual(conflict.stored, JSON.parse(JSON.stringify(item)))) return;
    throw new ServiceUnavailableError(
      `There is another audit entry ${item.entry}. Nothing was done; try again.`,
    );
  },
});

export type AuditLog = ReturnType<typeof createAuditLog>;
