import type { QueueReport } from '../../shared/application/dead-letters/inspect-queues.ts';
import { alignColumns } from '../cli/columns.ts';
import type { RedriveResponse } from './operator-api.ts';

const age = (iso: string, now: number) => `${Math.round((now - Date.parse(iso)) / 1_000)} s`;

const formatEmptyCount = (queues: number) =>
  queues === 1
    ? '1 queue of dead letters is empty.'
    : `${queues} queues of dead letters are empty.`;

/** Of a queue that is not empty and shows no letter. */
const allInFlight = ['', '', '', '', 'In the hand of somebody who looks at them: look again soon.'];

/** Every queue of dead letters, the empty ones by number alone, and the first letters of the others. */
export const formatQueueReports = (
  { items }: { readonly items: readonly QueueReport[] },
  now = Date.now(),
): string => {
  const full = items.filter(({ depth }) => depth > 0);
  const empty = formatEmptyCount(items.length - full.length);
  if (full.length === 0) return empty;
  const rows = full.flatMap(({ consumer, depth, sample }) => {
    const messages = sample.map(({ disposition: found, event, paymentId, sentAt, reason: why }) => [
      found,
      event ?? '',
      paymentId ?? '',
      age(sentAt, now),
      why,
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

/** What was done to each letter, or would be. */
export const formatDeadLetters = ({ dryRun, items }: RedriveResponse): string => {
  const rows = items.map(
    ({ messageId, outcome, disposition: found, event, paymentId, redrives, reason: why }) => [
      outcome,
      found,
      event ?? '',
      paymentId ?? messageId,
      String(redrives),
      why,
    ],
  );
  const table = alignColumns([
    ['outcome', 'disposition', 'event', 'payment', 'redrives', 'reason'],
    ...rows,
  ]);
  const end = dryRun ? 'Nothing was moved: --execute does it.' : 'Kept: who, when and why.';

  return `${items.length === 0 ? 'There is no such dead letter.' : table}\n\n${end}`;
};
