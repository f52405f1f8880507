import type { ReconciliationReport } from '../../shared/application/reconciliation/reconcile.ts';
import { alignColumns, indent } from '../cli/columns.ts';
import { formatNumber } from '../cli/format-number.ts';

/** The report of a reconciliation: one line if there is no discrepancy, or a table for each kind of finding. */
export const formatReconciliation = ({
  isReconciled,
  discrepancies,
  explained,
  unstable,
  undecidedPayments,
  disputes,
  counts,
}: ReconciliationReport): string =>
  [
    isReconciled
      ? `✔ Reconciled: ${counts.payments} payments of ${counts.orders} orders, ${counts.balances} balances, ${counts.products} products, ${counts.coupons} coupons; ${counts.charges} charges at the gateway.`
      : '✘ NOT RECONCILED.',
    ...formatSection('Discrepancies', discrepancyRows(discrepancies)),
    ...formatSection(
      'Explained by skipped bookings (docs/runbook.md, "Booking skipped: target missing")',
      discrepancyRows(explained),
    ),
    ...formatSection('Unstable: changed on every read', [
      ['item'],
      ...unstable.map(({ kind, id }) => [`${kind} ${id}`]),
    ]),
    ...formatSection('Undecided payments', [
      ['payment', 'state', 'amount', 'at the gateway', 'since'],
      ...undecidedPayments.map(
        ({ paymentId, status, amount, currency, remainingAtGateway, since }) => [
          paymentId,
          status,
          `${formatNumber(amount)} ${currency}`,
          `${formatNumber(remainingAtGateway)} ${currency}`,
          since,
        ],
      ),
    ]),
    ...formatSection('Disputed payments', [
      ['payment', 'dispute', 'status', 'amount', 'since'],
      ...disputes.map(({ paymentId, disputeId, status, amount, currency, openedAt }) => [
        paymentId,
        disputeId,
        status,
        `${formatNumber(amount)} ${currency}`,
        openedAt,
      ]),
    ]),
  ].join('\n');

const discrepancyRows = (discrepancies: ReconciliationReport['discrepancies']) => [
  ['item', 'check', 'found', 'expected', 'difference'],
  ...discrepancies.map(({ kind, id, check, found, expected, difference, unit }) => [
    `${kind} ${id}`,
    check,
    formatValue(found),
    formatValue(expected),
    `${difference > 0 ? '+' : ''}${formatNumber(difference)} ${unit}`,
  ]),
];

const formatValue = (value: number | string) =>
  typeof value === 'number' ? formatNumber(value) : value;

/** A titled table; nothing if it has only a header. */
const formatSection = (title: string, rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length > 1 ? ['', `${title}:`, '', indent(alignColumns(rows, { numbersRight: true }))] : [];
