import type { ExplanationBody } from '../../functions/get-operator-timeline/operation.ts';
import { columns } from '../cli/columns.ts';
import { timelineText } from './format-timeline.ts';

type Entry = ExplanationBody['entries'][number];

const numbers = new Intl.NumberFormat('en-US');

/** What the PG was asked on the way, how it ended, and how long it took. */
const asked = ({ asked: requests = [] }: Entry): string =>
  requests.length === 0
    ? ''
    : ` [${requests.map(({ operation, outcome, tookMs }) => `${operation}: ${outcome} in ${numbers.format(tookMs)} ms`).join(', ')}]`;

const what = (entry: Entry): string => {
  const { kind, detail, eventId } = entry;

  return `${kind}: ${detail}${eventId ? ` (${eventId})` : ''}${asked(entry)}`;
};

/** From now: a time that has passed is told of as well, for what should have happened then did not. */
const when = (at: string | undefined, now: number): string => {
  if (at === undefined) return 'no time set';
  const seconds = Math.round((Date.parse(at) - now) / 1_000);

  return seconds < 0
    ? `since ${numbers.format(-seconds)} s (${at})`
    : `in ${numbers.format(seconds)} s (${at})`;
};

const dueText = (due: ExplanationBody['due'], now: number): string =>
  due.length === 0
    ? 'Nothing is still due.'
    : `Still due:\n${indented(columns(due.map(({ at, detail }) => [when(at, now), detail])))}`;

const indented = (text: string) => text.replace(/^/gm, '  ');

/** Where a payment stands, how it came there, and what is still to come. */
export const showPayment = (payment: ExplanationBody, now = Date.now()): string => {
  const { paymentId, orderId, userId, status, stage, version, attempt } = payment;
  const { amount, currency, refunded, refundPending, failure, traceId } = payment;
  const money = (minor: number) => `${numbers.format(minor)} ${currency}`;

  return [
    `${paymentId} is ${status} (${stage}, version ${version}, attempt ${attempt})`,
    `  ${money(amount)} of ${userId} for ${orderId}, ${money(refunded)} refunded${refundPending > 0 ? ` and ${money(refundPending)} set aside` : ''}`,
    `  accepted ${payment.createdAt}, trace ${traceId ?? 'unknown'}`,
    ...(failure ? [`  ${failure.code}: ${failure.reason}`] : []),
    '',
    indented(timelineText(payment.entries, what).join('\n')),
    '',
    dueText(payment.due, now),
  ].join('\n');
};
