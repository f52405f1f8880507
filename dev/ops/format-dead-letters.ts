import type { QueueReport } from '../../shared/application/dead-letters/inspect-queues.ts';
import { alignColumns } from '../cli/columns.ts';
import type { RedriveResponse } from './operator-api.ts';

const age = (iso: string, now: number) => `${Math.round((now - Date.parse(iso)) / 1_000)} s`;

const formatEmptyCount = (queues: number) =>
  queues === 1 ? '1 dead-letter queue is empty.' : `${queues} dead-letter queues are empty.`;

/** Shown for a queue that is not empty but has no visible message. */
const allInFlight = ['', '', '', '', 'All messages are in flight: retry shortly.'];

/** Every dead-letter queue: the first messages of each, and the number of empty queues. */
export const formatQueueReports = (
  { items }: { readonly items: readonly QueueReport[] },
  now = Date.now(),
): string => {
  const full = items.filter(({ depth }) => depth > 0);
  const empty = formatEmptyCount(items.length - full.length);
  if (full.length === 0) return empty;
  const rows = full.flatMap(({ consumer, depth, sample }) => {
    const messages = sample.map(({ disposition, event, paymentId, sentAt, reason }) => [
      disposition,
      event ?? '',
      paymentId ?? '',
      age(sentAt, now),
      reason,
    ]);

    return (messages.length === 0 ? [allInFlight] : messages).map((cells, index) => [
      index === 0 ? `${consumer} (${depth})` : '',
      ...cells,
    ]);
  });

  return [
    alignColumns([['queue', 'disposition', 'event', 'payment', 'age', 'reason'], ...rows]),
    empty,
  ].join('\n\n');
};

/** The result for each message: what was done, or in a dry run what would be done. */
export const formatDeadLetters = ({ dryRun, items }: RedriveResponse): string => {
  const rows = items.map(
    ({ messageId, outcome, disposition, event, paymentId, redrives, reason }) => [
      outcome,
      disposition,
      event ?? '',
      paymentId ?? messageId,
      String(redrives),
      reason,
    ],
  );
  const table = alignColumns([
    ['outcome', 'disposition', 'event', 'payment', 'redrives', 'reason'],
    ...rows,
  ]);
  const rest = items.some(({ outcome }) => outcome === 'continued')
    ? ' A batch is not complete: run the command again.'
    : '';
  const end = dryRun
    ? 'Dry run: nothing was moved. Add --execute to perform it.'
    : `Recorded in the audit log.${rest}`;

  return `${items.length === 0 ? 'No message matches.' : table}\n\n${end}`;
};
