/**
 * The k6 script: buyers who pay one order each, in a closed loop (a fixed number of buyers, each pays again
 * after the response) or an open one (a fixed arrival rate).
 *
 * Counts only responses inside the window: after the warm-up, before the end.
 */
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';

// API Gateway needs tokens; without tokens, a header names the buyer.
const tokens = __ENV.TOKENS ? JSON.parse(open(__ENV.TOKENS)) : undefined;

const { TARGET, LOOP, PAYMENT_METHOD, ACCEPTED, SUMMARY } = __ENV;
const number = (name) => Number(__ENV[name]);
const balanceAmount = number('BALANCE_AMOUNT');
const warmUpMs = number('WARM_UP_S') * 1_000;
const windowMs = number('WINDOW_S') * 1_000;
const durationMs = warmUpMs + windowMs;

const answered = new Counter('answered');
const refused = new Counter('refused');
const latency = new Trend('latency', true);

const closed = { executor: 'constant-vus', vus: number('USERS') };
const arriving = {
  executor: 'constant-arrival-rate',
  rate: number('PER_10_SECONDS'),
  timeUnit: '10s',
  preAllocatedVUs: number('USERS'),
  maxVUs: number('USERS'),
};

export const options = {
  scenarios: {
    pay: {
      ...(LOOP === 'closed' ? closed : arriving),
      duration: `${durationMs}ms`,
      gracefulStop: '0s',
    },
  },
  discardResponseBodies: true,
  summaryTrendStats: ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'],
};

const callerOf = (buyer) =>
  tokens ? { authorization: `Bearer ${tokens[buyer]}` } : { 'x-buyer': `buyer-${buyer}` };

export default () => {
  const turn = number('FIRST_ORDER') + exec.scenario.iterationInTest;
  const order = `order-${turn}`;
  const response = http.post(
    `${TARGET}/payments`,
    JSON.stringify({ orderId: order, balanceAmount, paymentMethod: PAYMENT_METHOD }),
    {
      headers: {
        'content-type': 'application/json',
        'idempotency-key': `key-${turn}`,
        ...callerOf(turn % number('BUYERS')),
      },
      timeout: '180s',
    },
  );
  const sinceStart = Date.now() - exec.scenario.startTime;
  if (sinceStart < warmUpMs || sinceStart > durationMs) return;
  if (response.status === Number(ACCEPTED)) {
    answered.add(1);
    latency.add(response.timings.duration);
  } else refused.add(1, { status: String(response.status) });
};

const valuesOf = (metric) => (metric ? metric.values : undefined);

export const handleSummary = ({ metrics }) => ({
  [SUMMARY]: JSON.stringify({
    answered: valuesOf(metrics.answered)?.count ?? 0,
    refused: valuesOf(metrics.refused)?.count ?? 0,
    dropped: valuesOf(metrics.dropped_iterations)?.count ?? 0,
    latencyMs: valuesOf(metrics.latency),
    requests: valuesOf(metrics.http_reqs)?.count ?? 0,
  }),
});
