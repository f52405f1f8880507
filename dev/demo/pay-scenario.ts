import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import {
  type ApiClient,
  createApiClient,
  type PaymentView,
  type TimelineEntry,
} from '../local/api-client.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import type { Scenario } from './scenarios.ts';

// Well beyond the PG's timeout, after which an outcome is not known.
const outcomeTimeoutMs = 40_000;

/** A payment that was answered and is on its way. */
export interface AnsweredPayment {
  readonly scenario: Scenario;
  readonly client: ApiClient;
  readonly orderId: string;
  readonly paymentId: string;
  readonly answer: number;
  readonly answeredInMs: number;
}

/** Orders and pays through the HTTP API, until the payment is answered. */
export const payScenario = async (
  stack: LocalStack,
  scenario: Scenario,
): Promise<AnsweredPayment> => {
  const { buyer, lines, couponId, paymentMethod } = scenario;
  const client = await createApiClient(stack, buyer);
  const { orderId } = await client.order(lines, couponId, randomUUID());
  const askedAt = performance.now();
  const { status: answer, body } = await client.pay(orderId, paymentMethod, randomUUID());
  const answeredInMs = Math.round(performance.now() - askedAt);

  // A refusal names no payment, but it is stored as one.
  const [payment] = await client.paymentsOf(orderId);
  if (payment === undefined) {
    throw new Error(`POST /payments answered ${answer}, left no payment: ${JSON.stringify(body)}`);
  }
  return { scenario, client, orderId, paymentId: payment.paymentId, answer, answeredInMs };
};

/** How a payment of the demo ended. */
export interface ScenarioOutcome extends AnsweredPayment {
  readonly payment: PaymentView;
  readonly timeline: readonly TimelineEntry[];
  /** What is not as promised, a sentence each. */
  readonly mismatches: readonly string[];
}

/** Waits until the payment is where it was promised to be. */
export const awaitOutcome = async (
  stack: LocalStack,
  db: DynamoDBDocumentClient,
  answered: AnsweredPayment,
): Promise<ScenarioOutcome> => {
  const { scenario, client, orderId, paymentId, answer } = answered;
  const { buyer, couponId, expected } = scenario;
  const payment = await pollUntil(
    () => client.payment(paymentId),
    ({ stage }) => stage === expected.stage || isSettled(stage),
  );
  const { status, stage } = payment;
  const order = await client.orderStatus(orderId);
  const coupon = couponId && (await couponStatus(db, stack, buyer, couponId));
  const found = { answer, status, stage, order, coupon };

  return {
    ...answered,
    payment,
    timeline: await client.timeline(paymentId),
    mismatches: Object.entries(expected).flatMap(([what, promised]) => {
      const is = found[what as keyof typeof found];
      return is === promised ? [] : [`${what} is ${is}, promised was ${promised}`];
    }),
  };
};

/** Nothing leads out of here by itself. */
const isSettled = (stage: string) => ['COMPLETED', 'COMPENSATED', 'IN_REVIEW'].includes(stage);

/** Reads until it is as wanted, or time is up: then what was read last. */
const pollUntil = async <T>(
  read: () => Promise<T>,
  isWanted: (found: T) => boolean,
): Promise<T> => {
  const deadline = Date.now() + outcomeTimeoutMs;
  for (;;) {
    const found = await read();
    if (isWanted(found) || Date.now() > deadline) return found;
    await delay(250);
  }
};

const couponStatus = async (
  db: DynamoDBDocumentClient,
  { tables }: LocalStack,
  userId: string,
  couponId: string,
): Promise<string> => {
  const { Item } = await db.send(
    new GetCommand({ TableName: tables.coupons, Key: { userId, couponId }, ConsistentRead: true }),
  );
  return `${Item?.status}`;
};
