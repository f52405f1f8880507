import type { ReconciliationReport } from '../../shared/application/reconciliation/reconcile.ts';
import type { PaymentStatus } from '../../shared/domain/payments/payment.ts';
import { alignColumns, indent } from '../cli/columns.ts';
import { formatNumber } from '../cli/format-number.ts';

type Report = Pick<
  ReconciliationReport,
  'discrepancies' | 'explained' | 'unstable' | 'undecidedPayments'
>;

const inquire = 'request an inquiry';
const wait = 'wait for its end, then run this again';

/** What to do about a payment without a final outcome, by its state. Every other state is final. */
const actions: Partial<Record<PaymentStatus, string>> = {
  REQUIRES_METHOD: wait,
  RESERVED: wait,
  CHARGING: inquire,
  REQUIRES_ACTION: inquire,
  UNKNOWN: inquire,
  FAILED: wait,
  COMPENSATED: inquire,
  LATE_CAPTURED: wait,
  IN_REVIEW: 'look it up there, then decide its review',
};

/**
 * Lists what must be asked at the gateway after the tables were restored: payments that were in flight, charges that
 * no payment has, and payments of which the gateway holds another amount. What only the books can answer is counted.
 */
export const formatGatewayQuestions = ({
  discrepancies,
  explained,
  unstable,
  undecidedPayments,
}: Report): string => {
  const amountOf = (amount: number, currency: string) => `${formatNumber(amount)} ${currency}`;
  const charges = discrepancies.filter(({ kind }) => kind === 'charge');
  const atGateway = discrepancies.filter(
    ({ kind, check }) => kind === 'payment' && check.startsWith('gateway'),
  );
  const inFlight = undecidedPayments.map(({ paymentId }) => paymentId);
  const payments = atGateway.filter(({ id }) => !inFlight.includes(id));
  const others = discrepancies.length - charges.length - atGateway.length + explained.length;
  const sections = [
    ...section('In flight: the books have no outcome yet', [
      ['payment', 'state', 'amount', 'at the gateway', 'action'],
      ...undecidedPayments.map(({ paymentId, status, amount, currency, remainingAtGateway }) => [
        ...[paymentId, status, amountOf(amount, currency), amountOf(remainingAtGateway, currency)],
        actions[status] ?? inquire,
      ]),
    ]),
    ...section('Only at the gateway: the books have no such payment', [
      ['charge', 'at the gateway', 'action'],
      ...charges.map(({ id, difference, unit }) => [
        ...[id, amountOf(difference, unit)],
        'refund it there, or let its client repeat the request',
      ]),
    ]),
    ...section('Different at the gateway', [
      ['payment', 'check', 'found', 'expected', 'action'],
      ...payments.map(({ id, check, found, expected, difference }) => [
        ...[id, check, format(found), format(expected)],
        difference > 0
          ? `${inquire}; refund there what it leaves`
          : `${inquire}, then resolve the review that it opens`,
      ]),
    ]),
    ...(others > 0 ? ['', `${others} other discrepancies: npm run reconcile.`] : []),
    ...(unstable.length > 0
      ? ['', `${unstable.length} items changed on every read: run this again.`]
      : []),
  ];

  return sections.length > 0
    ? sections.slice(1).join('\n')
    : '✔ Nothing is to be asked at the gateway.';
};

const format = (value: number | string) =>
  typeof value === 'number' ? formatNumber(value) : value;

/** A titled table; nothing if it has only a header. */
const section = (title: string, rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length > 1 ? ['', `${title}:`, '', indent(alignColumns(rows))] : [];
