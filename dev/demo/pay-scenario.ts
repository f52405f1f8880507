import { randomUUID } from 'node:crypto';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { CliError } from '../cli/cli-error.ts';
import { pollUntil } from '../cli/poll-until.ts';
import type { ApiClient, PaymentView, TimelineEntry } from '../local/api-client.ts';
import type { Scenario } from './scenarios.ts';
import type { SeededTables } from './seed.ts';

/** What a scenario uses of a stack. */
export interface ScenarioStack {
  readonly db: DynamoDBDocumentClient;
  readonly tables: Pick<SeededTables, 'coupons'>;
  readonly clientOf: (buyer: string) => Promise<ApiClient>;
}

// The index that lists the payments of an order lags behind the table.
const listPolling = { timeoutMs: 10_000, intervalMs: 250 };

// Well beyond the gateway's timeout, after which the outcome is unknown.
const outcomePolling = { timeoutMs: 40_000, intervalMs: 250 };

/** A payment whose request was answered. */
export interface AnsweredPayment {
  readonly scenario: Scenario;
  readonly client: ApiClient;
  readonly orderId: string;
  readonly paymentId: string;
  readonly answer: number;
  readonly answeredInMs: number;
}

/** Places an order and pays for it through the HTTP API; resolves when POST /payments has answered. */
export const payScenario = async (
  { db, tables, clientOf }: ScenarioStack,
  scenario: Scenario,
): Promise<AnsweredPayment> => {
  const { buyer, lines, couponId, isCouponDeleted, balanceAmount = 0, paymentMethod } = scenario;
  const tenders = { balanceAmount, ...(paymentMethod !== undefined && { paymentMethod }) };
  const client = await clientOf(buyer);
  const order = await client.order(lines, couponId, randomUUID());
  const { orderId } = order;
  if (isCouponDeleted)
    await db.send(
      new DeleteCommand({ TableName: tables.coupons, Key: { userId: buyer, couponId } }),
    );
  const sentAt = performance.now();
  const { status: answer, body } = await client.pay(order, tenders, randomUUID());
  const answeredInMs = Math.round(performance.now() - sentAt);

  // A rejection names no payment, but is stored as one.
  const [payment] = await pollUntil(
    () => client.paymentsOf(orderId),
    ({ length }) => length > 0,
    listPolling,
  );
  if (payment === undefined) {
    throw new CliError(
      `POST /payments answered ${answer}, stored no payment: ${JSON.stringify(body)}`,
    );
  }
  return { scenario, client, orderId, paymentId: payment.paymentId, answer, answeredInMs };
};

/** The result of a payment of the demo. */
export interface ScenarioOutcome extends AnsweredPayment {
  readonly payment: PaymentView;
  readonly timeline: readonly TimelineEntry[];
  /** Differences from the scenario's expectation, one sentence each. */
  readonly mismatches: readonly string[];
}

/** Waits until the payment is in the expected or another settled state, and compares the result with the scenario. */
export const awaitOutcome = async (
  stack: ScenarioStack,
  answered: AnsweredPayment,
): Promise<ScenarioOutcome> => {
  const { scenario, client, orderId, paymentId, answer } = answered;
  const { buyer, couponId, expected } = scenario;
  const payment = await pollUntil(
    () => client.payment(paymentId),
    ({ stage }) => stage === expected.stage || isSettled(stage),
    outcomePolling,
  );
  const { status, stage } = payment;
  const order = await client.orderStatus(orderId);
  const coupon = couponId && (await couponStatus(stack, buyer, couponId));
  const found = { answer, status, stage, order, coupon };

  return {
    ...answered,
    payment,
    timeline: await client.timeline(paymentId),
    mismatches: Object.entries(expected).flatMap(([what, wanted]) => {
      const value = found[what as keyof typeof found];
      return value === wanted ? [] : [`${what} is ${value}, expected ${wanted}`];
    }),
  };
};

/** The payment does not leave these states by itself. */
const isSettled = (stage: string) => ['COMPLETED', 'COMPENSATED', 'IN_REVIEW'].includes(stage);

const couponStatus = async (
  { db, tables }: ScenarioStack,
  userId: string,
  couponId: string,
): Promise<string> => {
  const { Item } = await db.send(
    new GetCommand({ TableName: tables.coupons, Key: { userId, couponId }, ConsistentRead: true }),
  );
  return `${Item?.status ?? 'none'}`;
};
