import type { Backlog } from '../../shared/domain/payments/backlog.ts';
import { alignColumns } from '../cli/columns.ts';
import type { PaymentCounts } from './payment-counts.ts';
import type { QueueDepths, StackSnapshot } from './stack-probe.ts';

/** A look, the one before it, and the first one; at first all three are one. */
export interface WatchFrame {
  readonly first: StackSnapshot;
  readonly before: StackSnapshot;
  readonly now: StackSnapshot;
}

const numbers = new Intl.NumberFormat('en-US');
const formatNumber = (value: number) => numbers.format(value);
const formatTime = (at: Date) =>
  at.toISOString().slice('yyyy-mm-ddT'.length, 'yyyy-mm-ddThh:mm:ss'.length);

/** What only ever rises has a rate; the others stand where they stand. */
const cumulative: readonly (keyof PaymentCounts)[] = ['accepted', 'refused', 'completed', 'failed'];

const rows: readonly (readonly [keyof PaymentCounts, string])[] = [
  ['accepted', 'accepted'],
  ['refused', 'refused at accept'],
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

const formatAmounts = ({ amountByCurrency: money }: Backlog): string =>
  money.map(({ currency, amount }) => `${formatNumber(amount)} ${currency}`).join(', ');

const formatAge = ({ oldestAgeMs: oldestMs }: Backlog) =>
  `${formatNumber(Math.round(oldestMs / 1_000))} s`;

const sum = (queues: readonly QueueDepths[], name: Exclude<keyof QueueDepths, 'consumer'>) =>
  queues.reduce((total, depths) => total + depths[name], 0);

const formatPayments = (frame: WatchFrame): string => {
  const { first, now } = frame;
  const { counts: paymentCounts } = now;
  if (paymentCounts === undefined)
    return 'There are too many payments to count them again and again.';
  const since = (name: keyof PaymentCounts) =>
    paymentCounts[name] - (first.counts?.[name] ?? paymentCounts[name]);

  return alignColumns([
    ['payments', 'now', `since ${formatTime(first.at)}`, 'per second'],
    ...rows.map(([name, title]) => [
      title,
      formatNumber(paymentCounts[name]),
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
    ['standing still', 'payments', 'oldest', 'at risk'],
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
    ['queue', 'waiting', 'in hand or later', 'dead letters'],
    ...busy.map(({ consumer, waiting, later, deadLetters }) => [
      consumer,
      ...[waiting, later, deadLetters].map(formatNumber),
    ]),
  ])}\n${rest}`;
};

/** A whole screen. */
export const renderScreen = (frame: WatchFrame): string =>
  [
    `${formatTime(frame.now.at)} UTC, Ctrl-C ends it`,
    formatPayments(frame),
    formatBacklog(frame.now.backlog),
    formatQueues(frame.now.queues),
  ].join('\n\n');

/** The same in one line, for logs and pipes. */
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
    `standing still: ${stuck.join('; ') || 'none'}`,
    `messages ${formatNumber(sum(queues, 'waiting') + sum(queues, 'later'))}`,
    `dead letters ${formatNumber(sum(queues, 'deadLetters'))}`,
  ].join(' | ');
};
