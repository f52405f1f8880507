import type { Backlog } from '../../shared/domain/payments/backlog.ts';
import { alignColumns } from '../cli/columns.ts';
import { formatNumber } from '../cli/format-number.ts';
import type { PaymentCounts } from './payment-counts.ts';
import type { QueueDepths, StackSnapshot } from './stack-probe.ts';

/** The current snapshot, the previous one and the first one. In the first frame all three are the same. */
export interface WatchFrame {
  readonly first: StackSnapshot;
  readonly before: StackSnapshot;
  readonly now: StackSnapshot;
}

const formatTime = (at: Date) =>
  at.toISOString().slice('yyyy-mm-ddT'.length, 'yyyy-mm-ddThh:mm:ss'.length);

/** Counts that only increase. They are shown with a rate. */
const cumulative: readonly (keyof PaymentCounts)[] = [
  'accepted',
  'rejected',
  'completed',
  'failed',
];

const rows: readonly (readonly [keyof PaymentCounts, string])[] = [
  ['accepted', 'accepted'],
  ['rejected', 'rejected at accept'],
  ['pending', 'pending'],
  ['unknown', 'unknown'],
  ['inReview', 'under review'],
  ['completed', 'completed'],
  ['failed', 'failed'],
];

const perSecond = ({ before, now }: WatchFrame, name: keyof PaymentCounts): number => {
  const seconds = (now.at.getTime() - before.at.getTime()) / 1_000;
  if (seconds === 0 || !before.counts || !now.counts) return 0;

  return (now.counts[name] - before.counts[name]) / seconds;
};

const formatAmounts = ({ amountByCurrency }: Backlog): string =>
  amountByCurrency.map(({ currency, amount }) => `${formatNumber(amount)} ${currency}`).join(', ');

const formatAge = ({ oldestAgeMs }: Backlog) =>
  `${formatNumber(Math.round(oldestAgeMs / 1_000))} s`;

const sum = (queues: readonly QueueDepths[], name: Exclude<keyof QueueDepths, 'consumer'>) =>
  queues.reduce((total, depths) => total + depths[name], 0);

const formatPayments = (frame: WatchFrame): string => {
  const { first, now } = frame;
  const { counts } = now;
  if (counts === undefined) return 'There are too many payments to count them repeatedly.';
  const since = (name: keyof PaymentCounts) =>
    counts[name] - (first.counts?.[name] ?? counts[name]);

  return alignColumns([
    ['payments', 'now', `since ${formatTime(first.at)}`, 'per second'],
    ...rows.map(([name, title]) => [
      title,
      formatNumber(counts[name]),
      ...(cumulative.includes(name)
        ? [
            `${since(name) < 0 ? '' : '+'}${formatNumber(since(name))}`,
            perSecond(frame, name).toFixed(1),
          ]
        : ['', '']),
    ]),
  ]);
};

const formatBacklog = (backlog: readonly Backlog[]): string =>
  alignColumns([
    ['backlog', 'payments', 'oldest', 'at risk'],
    ...backlog.map((each) => [
      each.state,
      formatNumber(each.payments),
      ...(each.payments > 0 ? [formatAge(each), formatAmounts(each)] : ['', '']),
    ]),
  ]);

const formatQueues = (queues: readonly QueueDepths[]): string => {
  const busy = queues.filter(
    ({ waiting, later, deadLetters }) => waiting + later + deadLetters > 0,
  );
  const rest = `${queues.length - busy.length} of ${queues.length} queues are empty.`;
  if (busy.length === 0) return rest;

  return `${alignColumns([
    ['queue', 'waiting', 'in flight or delayed', 'dead letters'],
    ...busy.map(({ consumer, waiting, later, deadLetters }) => [
      consumer,
      ...[waiting, later, deadLetters].map(formatNumber),
    ]),
  ])}\n${rest}`;
};

/** The frame as a screen. */
export const renderScreen = (frame: WatchFrame): string =>
  [
    `${formatTime(frame.now.at)} UTC, Ctrl-C to stop`,
    formatPayments(frame),
    formatBacklog(frame.now.backlog),
    formatQueues(frame.now.queues),
  ].join('\n\n');

/** The frame as one line, for logs and pipes. */
export const renderLine = (frame: WatchFrame): string => {
  const { at, counts: paymentCounts, backlog, queues } = frame.now;
  const counts = paymentCounts
    ? rows.map(
        ([name, title]) =>
          `${title} ${formatNumber(paymentCounts[name])}${cumulative.includes(name) ? ` (${perSecond(frame, name).toFixed(1)}/s)` : ''}`,
      )
    : ['too many payments to count'];
  const stuck = backlog
    .filter(({ payments }) => payments > 0)
    .map(
      (each) =>
        `${each.state} ${formatNumber(each.payments)} for ${formatAge(each)}, ${formatAmounts(each)}`,
    );

  return [
    `${formatTime(at)} ${counts.join(', ')}`,
    `backlog: ${stuck.join('; ') || 'none'}`,
    `messages ${formatNumber(sum(queues, 'waiting') + sum(queues, 'later'))}`,
    `dead letters ${formatNumber(sum(queues, 'deadLetters'))}`,
  ].join(' | ');
};
