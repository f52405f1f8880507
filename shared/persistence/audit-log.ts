import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../config/platform.ts';
import { ServiceUnavailableError } from '../domain/errors.ts';
import type { OperatorIdentity } from '../domain/operator.ts';
import { putIfAbsent } from './dynamodb/expressions.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** An action of an operator, recorded before it is executed or together with it. */
export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  /** The `sub` claim of the operator. */
  readonly actor: string;
  /** The operator's name or e-mail address, if the token has one. */
  readonly actorName?: string;
  /** The scope that permitted the action. */
  readonly scope: string;
  readonly reason: string;
  readonly action: string;
  /** The target of the action; unique at its instant. */
  readonly subject: string;
  readonly detail: object;
}

/** The fields of an entry that say who acted. */
export const auditActorOf = ({
  sub,
  name,
  scope,
}: OperatorIdentity): Pick<AuditEntry, 'actor' | 'actorName' | 'scope'> => ({
  actor: sub,
  ...(name !== undefined && { actorName: name }),
  scope,
});

const itemOf = (auditEntry: AuditEntry) => ({
  day: auditEntry.at.slice(0, 'yyyy-mm-dd'.length),
  entry: `${auditEntry.at}#${auditEntry.subject}`,
  ...auditEntry,
});

/** The actions of operators, by day. An entry is written once and never changed. */
export const createAuditLog = (db: Database, table: string) => ({
  /** Inserts an entry in a transaction. The condition fails if another entry has its key. */
  appendWrite: (auditEntry: AuditEntry) =>
    putIfAbsent({ table, item: itemOf(auditEntry), id: 'day' }),

  /** Inserts an entry. Throws ServiceUnavailableError if another entry has its key. */
  async append(auditEntry: AuditEntry): Promise<void> {
    const item = itemOf(auditEntry);
    const conflict = await writeItem(db, putIfAbsent({ table, item, id: 'day' }));
    // The same entry is stored already if the write was retried after a lost response.
    if (!conflict || isDeepStrictEqual(conflict.stored, JSON.parse(JSON.stringify(item)))) return;
    throw new ServiceUnavailableError(
      `Audit entry ${item.entry} already exists with other content. Nothing was executed; retry.`,
    );
  },
});

export type AuditLog = ReturnType<typeof createAuditLog>;
