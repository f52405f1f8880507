import type { OperatorTimelineBody } from '../../functions/get-operator-timeline/operation.ts';
import { alignColumns } from '../cli/columns.ts';
import { formatTimeline } from './format-timeline.ts';

type Entry = OperatorTimelineBody['entries'][number];

const numbers = new Intl.NumberFormat('en-US');

/** What the PG was asked on the way, how it ended, and how long it took. */
const formatGatewayCalls = ({ gatewayCalls: requests = [] }: Entry): string =>
  requests.length === 0
    ? ''
    : ` [${requests.map(({ operation, outcome, durationMs }) => `${operation}: ${outcome} in ${numbers.format(durationMs)} ms`).join(', ')}]`;

const describeEntry = (entry: Entry): string => {
  const { kind, detail, eventId } = entry;

  return `${kind}: ${detail}${eventId ? ` (${eventId})` : ''}${formatGatewayCalls(entry)}`;
};

/** From now: a time that has passed is told of as well, for what should have happened then did not. */
const formatDueTime = (at: string | undefined, now: number): string => {
  if (at === undefined) return 'no time set';
  const seconds = Math.round((Date.parse(at) - now) / 1_000);

  return seconds < 0
    ? `since ${numbers.format(-seconds)} s (${at})`
    : `in ${numbers.format(seconds)} s (${at})`;
};

const formatPendingActions = (due: OperatorTimelineBody['pendingActions'], now: number): string =>
  due.length === 0
    ? 'Nothing is still due.'
    : `Still due:\n${indent(alignColumns(due.map(({ at, detail }) => [formatDueTime(at, now), detail])))}`;

const indent = (text: string) => text.replace(/^/gm, '  ');

/** Where a payment stands, how it came there, and what is still to come. */
export const formatPayment = (payment: OperatorTimelineBody, now = Date.now()): string => {
  const { paymentId, orderId, userId, status, stage, version, attempt } = payment;
  const { amount, currency, refunded, refundPending, failure, traceId } = payment;
  const money = (minor: number) => `${numbers.format(minor)} ${currency}`;

  return [
    `${paymentId} is ${status} (${stage}, version ${version}, attempt ${attempt})`,
    `  ${money(amount)} of ${userId} for ${orderId}, ${money(refunded)} refunded${refundPending > 0 ? ` and ${money(refundPending)} set aside` : ''}`,
    `  accepted ${payment.createdAt}, trace ${traceId ?? 'unknown'}`,
    ...(failure ? [`  ${failure.code}: ${failure.reason}`] : []),
    '',
    indent(formatTimeline(payment.entries, describeEntry).join('\n')),
    '',
    formatPendingActions(payment.pendingActions, now),
  ].join('\n');
};
