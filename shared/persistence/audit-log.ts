import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Outage } from '../domain/errors.ts';
import { putNew } from './dynamodb/expressions.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** What an operator did by hand, kept before it was done. */
export interface Audit {
  /** ISO 8601. */
  readonly at: string;
  readonly who: string;
  readonly why: string;
  readonly action: string;
  /** What it was done to: unique within one instant. */
  readonly subject: string;
  readonly detail: object;
}

/** What operators did by hand, by day: written once and never changed. */
export const auditsIn = (db: DynamoDBDocumentClient, table: string) => ({
  async keep(audit: Audit): Promise<void> {
    const item = {
      day: audit.at.slice(0, 'yyyy-mm-dd'.length),
      entry: `${audit.at}#${audit.subject}`,
      ...audit,
    };
    const refused = await writeItem(db, putNew({ table, item, id: 'day' }));
    // The same entry is there: its request was sent twice, for the first answer was lost.
    if (!refused || isDeepStrictEqual(refused.stored, JSON.parse(JSON.stringify(item)))) return;
    throw new Outage(`There is another audit entry ${item.entry}. Nothing was done; try again.`);
  },
});

export type Audits = ReturnType<typeof auditsIn>;
