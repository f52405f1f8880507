import type { Backlog } from '../../shared/domain/payments/backlog.ts';
import { columns } from '../cli/columns.ts';
import type { Counted } from './payment-counts.ts';
import type { Look, QueueDepths } from './stack-probe.ts';

/** A look, the one before it, and the first one; at first all three are one. */
export interface Seen {
  readonly first: Look;
  readonly before: Look;
  readonly now: Look;
}

const numbers = new Intl.NumberFormat('en-US');
const number = (value: number) => numbers.format(value);
const clock = (at: Date) =>
  at.toISOString().slice('yyyy-mm-ddT'.length, 'yyyy-mm-ddThh:mm:ss'.length);

/** What only ever rises has a rate; the others stand where they stand. */
const rising: readonly (keyof Counted)[] = ['accepted', 'refused', 'completed', 'failed'];

const rows: readonly (readonly [keyof Counted, string])[] = [
  ['accepted', 'accepted'],
  ['refused', 'refused at accept'],
  ['pending', 'pending'],
  ['unknown', 'unknown'],
  ['inReview', 'under review'],
  ['completed', 'completed'],
  ['failed', 'failed'],
];

const perSecond = ({ before, now }: Seen, name: keyof Counted): number => {
  const seconds = (now.at.getTime() - before.at.getTime()) / 1_000;
  if (seconds === 0 || !before.counted || !now.counted) return 0;

  return (now.counted[name] - before.counted[name]) / seconds;
};

const moneyOf = ({ money }: Backlog): string =>
  money.map(({ currency, amount }) => `${number(amount)} ${currency}`).join(', ');

const ageOf = ({ oldestMs }: Backlog) => `${number(Math.round(oldestMs / 1_000))} s`;

const sum = (queues: readonly QueueDepths[], name: Exclude<keyof QueueDepths, 'consumer'>) =>
  queues.reduce((total, depths) => total + depths[name], 0);

const paymentsText = (seen: Seen): string => {
  const { first, now } = seen;
  const { counted } = now;
  if (counted === undefined) return 'There are too many payments to count them again and again.';
  const since = (name: keyof Counted) => counted[name] - (first.counted?.[name] ?? counted[name]);

  return columns([
    ['payments', 'now', `since ${clock(first.at)}`, 'per second'],
    ...rows.map(([name, title]) => [
      title,
      number(counted[name]),
      ...(rising.includes(name)
        ? [`${since(name) < 0 ? '' : '+'}${number(since(name))}`, perSecond(seen, name).toFixed(1)]
        : ['', '']),
    ]),
  ]);
};

const backlogText = (backlog: readonly Backlog[]): string =>
  columns([
    ['standing still', 'payments', 'oldest', 'at risk'],
    ...backlog.map((each) => [
      each.state,
      number(each.payments),
      ...(each.payments > 0 ? [ageOf(each), moneyOf(each)] : ['', '']),
    ]),
  ]);

const queuesText = (queues: readonly QueueDepths[]): string => {
  const busy = queues.filter(
    ({ waiting, later, deadLetters }) => waiting + later + deadLetters > 0,
  );
  const rest = `${queues.length - busy.length} of ${queues.length} queues are empty.`;
  if (busy.length === 0) return rest;

  return `${columns([
    ['queue', 'waiting', 'in hand or later', 'dead letters'],
    ...busy.map(({ consumer, waiting, later, deadLetters }) => [
      consumer,
      ...[waiting, later, deadLetters].map(number),
    ]),
  ])}\n${rest}`;
};

/** A whole screen. */
export const screenOf = (seen: Seen): string =>
  [
    `${clock(seen.now.at)} UTC, Ctrl-C ends it`,
    paymentsText(seen),
    backlogText(seen.now.backlog),
    queuesText(seen.now.queues),
  ].join('\n\n');

/** The same in one line, for logs and pipes. */
export const lineOf = (seen: Seen): string => {
  const { at, counted, backlog, queues } = seen.now;
  const counts = counted
    ? rows.map(
        ([name, title]) =>
          `${title} ${number(counted[name])}${rising.includes(name) ? ` (${perSecond(seen, name).toFixed(1)}/s)` : ''}`,
      )
    : ['too many payments to count'];
  const still = backlog
    .filter(({ payments }) => payments > 0)
    .map((each) => `${each.state} ${number(each.payments)} for ${ageOf(each)}, ${moneyOf(each)}`);

  return [
    `${clock(at)} ${counts.join(', ')}`,
    `standing still: ${still.join('; ') || 'none'}`,
    `messages ${number(sum(queues, 'waiting') + sum(queues, 'later'))}`,
    `dead letters ${number(sum(queues, 'deadLetters'))}`,
  ].join(' | ');
};
