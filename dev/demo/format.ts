import type { Proof } from '../../shared/application/reconciliation/reconcile.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { timelineText } from '../ops/format-timeline.ts';
import type { Rows } from './balance-snapshot.ts';
import type { Outcome } from './pay-scenario.ts';

const numbers = new Intl.NumberFormat('en-US');
const number = (value: number) => numbers.format(value);

/** Columns of text: the first to the left, the others to the right. */
const table = (rows: readonly (readonly string[])[]): string => {
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
export const outcomeText = ({
  scenario,
  payment,
  answer,
  answeredInMs,
  timeline,
  broken,
}: Outcome): string => {
  const { buyer, lines, couponId, paymentMethod, story } = scenario;
  const basket = lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ');
  const coupon = couponId ? ` with coupon ${couponId}` : '';

  return [
    `${broken.length === 0 ? '✔' : '✘'} ${buyer} buys ${basket}${coupon} for ${number(payment.amount)} ${payment.currency} (${paymentMethod}): ${story}`,
    `  answered ${answer} in ${answeredInMs} ms, ended ${payment.status} (${payment.stage}): ${payment.paymentId}`,
    ...timelineText(timeline).map((line) => `    ${line}`),
    ...broken.map((sentence) => `  NOT AS PROMISED: ${sentence}`),
  ].join('\n');
};

/** Before and after, side by side, where something moved. */
export const rowsText = (before: Rows, after: Rows): string => {
  const moved = (was: number, is: number | undefined) =>
    was === is ? number(was) : `${number(was)} > ${is === undefined ? 'gone' : number(is)}`;
  const balances = before.balances.map((was) => {
    const is = after.balances.find(({ userId }) => userId === was.userId);
    return [
      was.userId,
      moved(was.available, is?.available),
      moved(was.held, is?.held),
      moved(was.spent, is?.spent),
      moved(was.deposited, is?.deposited),
    ];
  });
  const products = before.products.map((was) => {
    const is = after.products.find(({ sku }) => sku === was.sku);
    return [
      was.sku,
      moved(was.available, is?.available),
      moved(was.reserved, is?.reserved),
      moved(was.sold, is?.sold),
      moved(was.received, is?.received),
    ];
  });

  return [
    table([['buyer', 'available', 'held', 'spent', 'deposited'], ...balances]),
    '',
    table([['product', 'available', 'reserved', 'sold', 'received'], ...products]),
  ].join('\n');
};

/** What the proof of the books has found: all in one line, or who disagrees and by how much. */
export const proofText = ({
  isProved,
  disagreements,
  explained,
  unsettled,
  open,
  counts,
}: Proof): string =>
  [
    isProved
      ? `✔ The books agree: ${counts.payments} payments of ${counts.orders} orders, ${counts.balances} buyers, ${counts.products} products, ${counts.coupons} coupons; ${counts.charges} charges at the PG.`
      : '✘ THE BOOKS ARE NOT PROVED.',
    ...section('Who disagrees, and by how much', differences(disagreements)),
    ...section(
      'Explained by bookings that are recorded as skipped (docs/runbook.md, "Booking skipped: target missing")',
      differences(explained),
    ),
    ...section('Not judged, because they moved whenever they were looked at', [
      ['who'],
      ...unsettled.map(({ kind, id }) => [`${kind} ${id}`]),
    ]),
    ...section('Open: how these payments end is not decided yet', [
      ['payment', 'state', 'amount', 'at the PG', 'since'],
      ...open.map(({ paymentId, status, amount, currency, atPg, since }) => [
        paymentId,
        status,
        `${number(amount)} ${currency}`,
        `${number(atPg)} ${currency}`,
        since,
      ]),
    ]),
  ].join('\n');

const differences = (found: Proof['disagreements']) => [
  ['who', 'what', 'found', 'should be', 'by'],
  ...found.map(({ kind, id, what, found: is, expected, by, unit }) => [
    `${kind} ${id}`,
    what,
    shown(is),
    shown(expected),
    `${by > 0 ? '+' : ''}${number(by)} ${unit}`,
  ]),
];

const shown = (value: number | string) => (typeof value === 'number' ? number(value) : value);

/** A table under its title; nothing where it has only a head. */
const section = (title: string, rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length > 1 ? ['', `${title}:`, '', table(rows)] : [];

/** Where the stack is, and lines to paste into another terminal. */
export const invitation = ({ apiUrl, simulatorUrl }: LocalStack, token: string): string =>
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
