import { alignColumns, indent } from '../cli/columns.ts';
import { formatNumber } from '../cli/format-number.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { formatTimeline } from '../ops/format-timeline.ts';
import type { BalanceSnapshot } from './balance-snapshot.ts';
import type { ScenarioOutcome } from './pay-scenario.ts';

/** One payment of the demo: the order, the result and the timeline. */
export const formatOutcome = ({
  scenario,
  payment,
  answer,
  answeredInMs,
  timeline,
  mismatches,
}: ScenarioOutcome): string => {
  const { buyer, lines, couponId, paymentMethod, description } = scenario;
  const { amount, balanceAmount, gatewayAmount, currency } = payment;
  const basket = lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ');
  const coupon = couponId ? ` with coupon ${couponId}` : '';

  return [
    `${mismatches.length === 0 ? '✔' : '✘'} ${buyer} buys ${basket}${coupon} for ${formatNumber(amount)} ${currency} (${formatNumber(balanceAmount)} from the balance, ${formatNumber(gatewayAmount)} by ${paymentMethod ?? 'the gateway'}): ${description}`,
    `  answered ${answer} in ${answeredInMs} ms, ended ${formatStatus(payment)}: ${payment.paymentId}`,
    ...formatTimeline(timeline).map((line) => `    ${line}`),
    ...mismatches.map((mismatch) => `  UNEXPECTED: ${mismatch}`),
  ].join('\n');
};

/** The buyer's status, and the internal state if it says more. */
const formatStatus = ({ status, stage }: ScenarioOutcome['payment']): string =>
  stage === status ? status : `${status} (${stage})`;

/** Balances and stock; values that changed are shown as `before > after`. */
export const formatBalances = (before: BalanceSnapshot, after: BalanceSnapshot): string => {
  const formatChange = (from: number, to: number | undefined) =>
    from === to
      ? formatNumber(from)
      : `${formatNumber(from)} > ${to === undefined ? 'gone' : formatNumber(to)}`;
  const balances = before.balances.map((from) => {
    const to = after.balances.find(({ userId }) => userId === from.userId);
    return [
      from.userId,
      formatChange(from.available, to?.available),
      formatChange(from.held, to?.held),
      formatChange(from.spent, to?.spent),
      formatChange(from.deposited, to?.deposited),
    ];
  });
  const products = before.products.map((from) => {
    const to = after.products.find(({ sku }) => sku === from.sku);
    return [
      from.sku,
      formatChange(from.available, to?.available),
      formatChange(from.reserved, to?.reserved),
      formatChange(from.sold, to?.sold),
      formatChange(from.received, to?.received),
    ];
  });

  return [
    formatTable([['buyer', 'available', 'held', 'spent', 'deposited'], ...balances]),
    '',
    formatTable([['product', 'available', 'reserved', 'sold', 'received'], ...products]),
  ].join('\n');
};

const formatTable = (rows: readonly (readonly string[])[]) =>
  indent(alignColumns(rows, { numbersRight: true }));

/** Where the stack is, and commands to paste into another terminal. */
export const formatNextSteps = (
  { apiUrl, simulatorUrl }: Pick<LocalStack, 'apiUrl' | 'simulatorUrl'>,
  { token, checkoutUrl }: { readonly token: string; readonly checkoutUrl: string },
): string =>
  `Open the demo checkout in a browser: ${checkoutUrl}
The API serves at ${apiUrl}
The simulated gateway lists its charges at ${simulatorUrl}/charges

Try it in another terminal; these commands order a cup for alice and pay for it:

  API='${apiUrl}'
  TOKEN='${token}'
  field() { node -p "JSON.parse(require('fs').readFileSync(0))['$1']"; }

  ORDER=$(curl -s "$API/orders" -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -H "idempotency-key: $(date +%s)" \\
    -d '{"lines":[{"sku":"cup","quantity":1}]}' | field orderId)
  PAYMENT=$(curl -s "$API/payments" -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -H "idempotency-key: pay-$ORDER" \\
    -d "{\\"orderId\\":\\"$ORDER\\",\\"balanceAmount\\":8000,\\"paymentMethod\\":\\"sim_approve\\"}" | field paymentId)
  curl -s "$API/payments/$PAYMENT" -H "authorization: Bearer $TOKEN" -H 'prefer: wait=20'
  curl -s "$API/payments/$PAYMENT/timeline" -H "authorization: Bearer $TOKEN"
  curl -s "$API/me/balance" -H "authorization: Bearer $TOKEN"

Another buyer's token: npm run token -- bob`;
