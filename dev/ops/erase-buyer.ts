import {
  createEraseBuyer,
  type ErasureResult,
} from '../../shared/application/erasure/erase-buyer.ts';
import { ServiceUnavailableError } from '../../shared/domain/errors.ts';
import { eventTravelMs } from '../../shared/domain/time.ts';
import { createAuditLog } from '../../shared/persistence/audit-log.ts';
import { createErasureReader } from '../../shared/persistence/erasure-reader.ts';
import { CliError } from '../cli/cli-error.ts';
import { alignColumns } from '../cli/columns.ts';
import { formatNumber } from '../cli/format-number.ts';
import { requireReason } from './require-reason.ts';
import { openDatabase, type StageDatabase } from './stage-database.ts';

interface EraseOptions {
  readonly userId: string;
  readonly actor: string;
  readonly reason: string;
  readonly isDryRun: boolean;
  readonly report?: (line: string) => void;
}

/** The options of the command. Throws a CliError that says which one is missing or which argument is not one. */
export const parseEraseOptions = (
  {
    user,
    reason,
    actor,
    execute,
  }: { user?: string; reason?: string; actor: string; execute: boolean },
  [unexpected]: readonly string[],
): EraseOptions => {
  if (!user) throw new CliError('Add --user <id>: the sub claim of the tokens of the buyer.');
  if (unexpected !== undefined)
    throw new CliError(`"${unexpected}" is not an option: quote an id or a reason with spaces.`);

  return { userId: user, actor, reason: requireReason(reason), isDryRun: !execute };
};

/**
 * Creates the erasure of the local stack, or of a stage with the AWS credentials of the environment. Only a stage waits
 * until no event of the buyer can be on its way: the queues of a local stack are empty within seconds.
 */
export const openErasure = async (stage: string | undefined) =>
  erasureOf(await openDatabase(stage), stage === undefined ? 0 : eventTravelMs);

export const erasureOf = ({ db, tables }: StageDatabase, settledMs: number) => {
  const erase = createEraseBuyer({
    db,
    tables,
    reader: createErasureReader(db, tables),
    audits: createAuditLog(db, tables.audits),
  });

  return (options: EraseOptions): Promise<ErasureResult> =>
    erase({ ...options, settledMs }).catch((error: unknown) => {
      throw error instanceof ServiceUnavailableError
        ? new CliError(`${error.message} Run the command again: it continues.`)
        : error;
    });
};

/** What no command of this repository erases: docs/security.md has the retention of each. */
const notReached = [
  'the account at the issuer: delete it first, or the buyer can order again',
  'charges and refunds at the gateway, and what the data platform and the notification service have received',
  'streams for 24 hours, results of requests for a day, messages and dead letters for 14 days',
  'logs of functions for three months, the access log and the log of the firewall for 13',
  'point-in-time recovery and backups for 35 days: after a restore, erase again',
];

const verdictOf = ({ open, pseudonym, found }: ErasureResult, isDryRun: boolean): string => {
  if (open.length > 0) {
    const matters = open.map(({ item, reason }) => `  ${item} ${reason}`).join('\n');

    return pseudonym === undefined
      ? `Nothing is erased while something is open:\n${matters}`
      : `Run the command again later. This is left:\n${matters}`;
  }
  if (Object.values(found).every((count) => count === 0))
    return 'Nothing is stored about this buyer.';
  if (isDryRun) return 'Nothing prevents it: add --execute.';

  return `Erased. The books name ${pseudonym} instead.`;
};

/** The counts, what is left, and what an erasure does not reach. */
export const formatErasure = (result: ErasureResult, isDryRun: boolean): string => {
  const rows = Object.entries(result.found).map(([kind, count]) => [
    kind,
    formatNumber(count),
    formatNumber(result.erased[kind as keyof ErasureResult['erased']]),
  ]);

  return [
    ...(isDryRun ? ['Dry run: nothing is changed.'] : []),
    alignColumns([['', 'found', 'erased'], ...rows], { numbersRight: true }),
    verdictOf(result, isDryRun),
    '',
    'Not reached:',
    ...notReached.map((one) => `  ${one}`),
  ].join('\n');
};
