import type { ReconciliationReport } from '../../shared/application/reconciliation/reconcile.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { formatTimeline } from '../ops/format-timeline.ts';
import type { BalanceSnapshot } from './balance-snapshot.ts';
import type { ScenarioOutcome } from './pay-scenario.ts';

const numbers = new Intl.NumberFormat('en-US');
const formatNumber = (value: number) => numbers.format(value);

/** Columns of text: the first to the left, the others to the right. */
const alignTable = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );

  return lines.map((line) => `  ${line}`.trimEnd()).join('\n');
};

/** One payment: what was asked for, how it ended, and its way there. */
export const formatOutcome = ({
  scenario,
  payment,
  answer,
  answeredInMs,
  timeline,
  mismatches,
}: ScenarioOutcome): string => {
  const { buyer, lines, couponId, paymentMethod, description } = scenario;
  const basket = lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ');
  const coupon = couponId ? ` with coupon ${couponId}` : '';

  return [
    `${mismatches.length === 0 ? '✔' : '✘'} ${buyer} buys ${basket}${coupon} for ${formatNumber(payment.amount)} ${payment.currency} (${paymentMethod}): ${description}`,
    `  answered ${answer} in ${answeredInMs} ms, ended ${payment.status} (${payment.stage}): ${payment.paymentId}`,
    ...formatTimeline(timeline).map((line) => `    ${line}`),
    ...mismatches.map((sentence) => `  NOT AS PROMISED: ${sentence}`),
  ].join('\n');
};

/** Before and after, side by side, where something moved. */
export const formatBalances = (before: BalanceSnapshot, after: BalanceSnapshot): string => {
  const formatChange = (was: number, is: number | undefined) =>
    was === is
      ? formatNumber(was)
      : `${formatNumber(was)} > ${is === undefined ? 'gone' : formatNumber(is)}`;
  const balances = before.balances.map((was) => {
    const is = after.balances.find(({ userId }) => userId === was.userId);
    return [
      was.userId,
      formatChange(was.available, is?.available),
      formatChange(was.held, is?.held),
      formatChange(was.spent, is?.spent),
      formatChange(was.deposited, is?.deposited),
    ];
  });
  const products = before.products.map((was) => {
    const is = after.products.find(({ sku }) => sku === was.sku);
    return [
      was.sku,
      formatChange(was.available, is?.available),
      formatChange(was.reserved, is?.reserved),
      formatChange(was.sold, is?.sold),
      formatChange(was.received, is?.received),
    ];
  });

  return [
    alignTable([['buyer', 'available', 'held', 'spent', 'deposited'], ...balances]),
    '',
    alignTable([['product', 'available', 'reserved', 'sold', 'received'], ...products]),
  ].join('\n');
};

/** What the proof of the books has found: all in one line, or who disagrees and by how much. */
export const formatReconciliation = ({
  isReconciled: isProved,
  discrepancies,
  explained,
  unstable,
  undecidedPayments: open,
  counts,
}: ReconciliationReport): string =>
  [
    isProved
      ? `✔ The books agree: ${counts.payments} payments of ${counts.orders} orders, ${counts.balances} buyers, ${counts.products} products, ${counts.coupons} coupons; ${counts.charges} charges at the PG.`
      : '✘ THE BOOKS ARE NOT PROVED.',
    ...formatSection('Who disagrees, and by how much', discrepancyRows(discrepancies)),
    ...formatSection(
      'Explained by bookings that are recorded as skipped (docs/runbook.md, "Booking skipped: target missing")',
      discrepancyRows(explained),
    ),
    ...formatSection('Not judged, because they moved whenever they were looked at', [
      ['who'],
      ...unstable.map(({ kind, id }) => [`${kind} ${id}`]),
    ]),
    ...formatSection('Open: how these payments end is not decided yet', [
      ['payment', 'state', 'amount', 'at the PG', 'since'],
      ...open.map(({ paymentId, status, amount, currency, gatewayAmount, since }) => [
        paymentId,
        status,
        `${formatNumber(amount)} ${currency}`,
        `${formatNumber(gatewayAmount)} ${currency}`,
        since,
      ]),
    ]),
  ].join('\n');

const discrepancyRows = (found: ReconciliationReport['discrepancies']) => [
  ['who', 'what', 'found', 'should be', 'by'],
  ...found.map(({ kind, id, check: what, found: is, expected, difference: by, unit }) => [
    `${kind} ${id}`,
    what,
    formatValue(is),
    formatValue(expected),
    `${by > 0 ? '+' : ''}${formatNumber(by)} ${unit}`,
  ]),
];

const formatValue = (value: number | string) =>
  typeof value === 'number' ? formatNumber(value) : value;

/** A table under its title; nothing where it has only a head. */
const formatSection = (title: string, rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length > 1 ? ['', `${title}:`, '', alignTable(rows)] : [];

/** Where the stack is, and lines to paste into another terminal. */
export const formatNextSteps = ({ apiUrl, simulatorUrl }: LocalStack, token: string): string =>
  `The API serves at ${apiUrl}
The simulated PG shows what it captured at ${simulatorUrl}/charges

Try it in another terminal; these lines buy a cup of alice's choice and pay for it:

  API='${apiUrl}'
  TOKEN='${token}'
  field() { node -p "JSON.parse(require('fs').readFileSync(0))['$1']"; }

  ORDER=$(curl -s "$API/orders" -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -H "idempotency-key: $(date +%s)" \\
    -d '{"lines":[{"sku":"cup","quantity":1}]}' | field orderId)
  PAYMENT=$(curl -s "$API/payments" -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -H "idempotency-key: pay-$ORDER" \\
    -d "{\\"orderId\\":\\"$ORDER\\",\\"paymentMethod\\":\\"sim_approve\\"}" | field paymentId)
  curl -s "$API/payments/$PAYMENT" -H "authorization: Bearer $TOKEN" -H 'prefer: wait=20'
  curl -s "$API/payments/$PAYMENT/timeline" -H "authorization: Bearer $TOKEN"
  curl -s "$API/me/balance" -H "authorization: Bearer $TOKEN"

Another buyer's token: npm run token -- bob`;
