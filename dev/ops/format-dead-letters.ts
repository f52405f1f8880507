import type { Surveyed } from '../../shared/application/dead-letters/inspect-queues.ts';
import { columns } from '../cli/columns.ts';
import type { Redriven } from './operator-api.ts';

const age = (iso: string, now: number) => `${Math.round((now - Date.parse(iso)) / 1_000)} s`;

const emptyText = (queues: number) =>
  queues === 1
    ? '1 queue of dead letters is empty.'
    : `${queues} queues of dead letters are empty.`;

/** Of a queue that is not empty and shows no letter. */
const inHand = ['', '', '', '', 'In the hand of somebody who looks at them: look again soon.'];

/** Every queue of dead letters, the empty ones by number alone, and the first letters of the others. */
export const showQueues = (
  { items }: { readonly items: readonly Surveyed[] },
  now = Date.now(),
): string => {
  const full = items.filter(({ depth }) => depth > 0);
  const empty = emptyText(items.length - full.length);
  if (full.length === 0) return empty;
  const rows = full.flatMap(({ consumer, depth, sample }) => {
    const letters = sample.map(({ class: found, event, paymentId, sentAt, why }) => [
      found,
      event ?? '',
      paymentId ?? '',
      age(sentAt, now),
      why,
    ]);

    return (letters.length === 0 ? [inHand] : letters).map((cells, index) => [
      index === 0 ? `${consumer} (${depth})` : '',
      ...cells,
    ]);
  });

  return [columns([['queue', 'class', 'event', 'payment', 'age', 'why'], ...rows]), empty].join(
    '\n\n',
  );
};

/** What was done to each letter, or would be. */
export const showLetters = ({ dryRun, items }: Redriven): string => {
  const rows = items.map(
    ({ messageId, outcome, class: found, event, paymentId, redrives, why }) => [
      outcome,
      found,
      event ?? '',
      paymentId ?? messageId,
      String(redrives),
      why,
    ],
  );
  const table = columns([['outcome', 'class', 'event', 'payment', 'redrives', 'why'], ...rows]);
  const end = dryRun ? 'Nothing was moved: --execute does it.' : 'Kept: who, when and why.';

  return `${items.length === 0 ? 'There is no such dead letter.' : table}\n\n${end}`;
};
