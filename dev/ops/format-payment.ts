import type { OperatorTimelineBody } from '../../functions/get-operator-timeline/operation.ts';
import { alignColumns, indent } from '../cli/columns.ts';
import { formatNumber } from '../cli/format-number.ts';
import { formatTimeline } from './format-timeline.ts';

type Entry = OperatorTimelineBody['entries'][number];

/** The gateway calls of an entry with their outcomes and durations. */
const formatGatewayCalls = ({ gatewayCalls = [] }: Entry): string =>
  gatewayCalls.length === 0
    ? ''
    : ` [${gatewayCalls.map(({ operation, outcome, durationMs }) => `${operation}: ${outcome} in ${formatNumber(durationMs)} ms`).join(', ')}]`;

const describeEntry = (entry: Entry): string => {
  const { kind, detail, eventId } = entry;

  return `${kind}: ${detail}${eventId ? ` (${eventId})` : ''}${formatGatewayCalls(entry)}`;
};

/** The time until an action is due, or for how long it is overdue. */
const formatDueTime = (at: string | undefined, now: number): string => {
  if (at === undefined) return 'no time set';
  const seconds = Math.round((Date.parse(at) - now) / 1_000);

  return seconds < 0
    ? `overdue by ${formatNumber(-seconds)} s (${at})`
    : `in ${formatNumber(seconds)} s (${at})`;
};

const formatPendingActions = (
  actions: OperatorTimelineBody['pendingActions'],
  now: number,
): string =>
  actions.length === 0
    ? 'No pending actions.'
    : `Pending actions:\n${indent(alignColumns(actions.map(({ at, detail }) => [formatDueTime(at, now), detail])))}`;

/** A payment: its current state, its timeline and its pending actions. */
export const formatPayment = (payment: OperatorTimelineBody, now = Date.now()): string => {
  const { paymentId, orderId, userId, status, stage, version, attempt } = payment;
  const {
    amount,
    balanceAmount,
    gatewayAmount,
    currency,
    refunded,
    refundPending,
    failure,
    traceId,
  } = payment;
  const money = (minor: number) => `${formatNumber(minor)} ${currency}`;

  return [
    `${paymentId} is ${status} (${stage}, version ${version}, attempt ${attempt})`,
    `  ${money(amount)} of ${userId} for ${orderId}: ${money(balanceAmount)} from the balance, ${money(gatewayAmount)} by the gateway; ${money(refunded)} refunded${refundPending > 0 ? ` and ${money(refundPending)} pending` : ''}`,
    `  accepted ${payment.createdAt}, trace ${traceId ?? 'unknown'}`,
    ...(failure ? [`  ${failure.code}: ${failure.reason}`] : []),
    '',
    indent(formatTimeline(payment.entries, describeEntry).join('\n')),
    '',
    formatPendingActions(payment.pendingActions, now),
  ].join('\n');
};
