import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDatabase } from '../../shared/config/system-runtime.ts';
import type { Payment, PaymentStatus } from '../../shared/domain/payments/payment.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { CliError } from '../cli/cli-error.ts';
import { putBalance, putProduct } from '../demo/seed.ts';
import { currency } from '../demo/shop.ts';
import { type ApiClient, createApiClient } from '../local/api-client.ts';
import { localClientConfig } from '../local/aws.ts';
import { createQueueClient, type QueueClient } from './queue-client.ts';
import type { Shell } from './shell-command.ts';

/** A payment of the drill and its expected final status. */
export interface ExpectedPayment {
  readonly paymentId: string;
  readonly expectedStatus: PaymentStatus;
}

/** The result of a probe: a summary to print, and whether the awaited state is reached. */
export interface ProbeResult {
  readonly summary: string;
  readonly isReached: boolean;
}

/** What the steps of a drill use: the stack, a buyer and a product of its own, and its payments. */
export interface DrillContext {
  readonly shell: Shell;
  /** Duration of the fault in this run. */
  readonly seconds: number;
  readonly sku: string;
  readonly expected: readonly ExpectedPayment[];
  readonly queues: QueueClient;
  /** Ids from the output of earlier steps, for the placeholders of later commands. */
  readonly capturedIds: Map<string, readonly string[]>;
  print(line: string): void;
  /** The client of the drill's buyer. */
  readonly client: ApiClient;
  /** Orders one unit. */
  placeOrder(): ReturnType<ApiClient['order']>;
  /** Pays an order. Returns the id of the payment. Throws unless it is accepted. */
  payOrder(
    order: { readonly orderId: string },
    key: string,
    paymentMethod?: string,
  ): Promise<string>;
  /** Adds a payment to those of the drill. */
  expectPayment(one: ExpectedPayment): void;
  /** Orders and pays. Throws unless the payment is accepted, which must work despite every fault. */
  pay(paymentMethod?: string, expectedStatus?: PaymentStatus): Promise<ExpectedPayment>;
  /** Reads the payments of the drill. */
  payments(): Promise<readonly Payment[]>;
  /** Registers an idempotent function that removes the fault. */
  registerFaultRemoval(removeFault: () => Promise<unknown>): void;
  removeFault(): Promise<void>;
  /** Polls until the probe has reached its state, and prints each change. */
  waitUntil(probe: () => Promise<ProbeResult>): Promise<void>;
}

const waitTimeoutMs = 180_000;
const pollIntervalMs = 300;
const price = 2_500;
/** The part of each payment that the balance pays. */
const balanceAmount = 1_000;

export const createDrillContext = async (
  shell: Shell,
  { seconds, print }: Pick<DrillContext, 'seconds' | 'print'>,
): Promise<DrillContext> => {
  const { stack, signal } = shell;
  const db = createDatabase(
    DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(stack.endpoint))),
  );
  const buyer = `drill-${randomUUID()}`;
  const sku = `drill-${randomUUID()}`;
  const expected: ExpectedPayment[] = [];
  const faultRemovals: (() => Promise<unknown>)[] = [];
  await putBalance(db, stack.tables, { userId: buyer, currency, available: 1_000_000 });
  await putProduct(db, stack.tables, {
    sku,
    name: 'Drill',
    unitPrice: price,
    currency,
    available: 100,
  });
  const client = await createApiClient(stack, buyer);

  const placeOrder = () => client.order([{ sku, quantity: 1 }], undefined, randomUUID());
  const payOrder = async (
    order: { readonly orderId: string },
    key: string,
    paymentMethod = 'sim_approve',
  ) => {
    const { status, body } = await client.pay(order, { balanceAmount, paymentMethod }, key);
    if (status !== 202) {
      throw new CliError(`POST /payments answered ${status}: ${JSON.stringify(body)}`);
    }
    return `${body.paymentId}`;
  };

  return {
    shell,
    client,
    placeOrder,
    payOrder,
    expectPayment: (one) => {
      expected.push(one);
    },
    seconds,
    sku,
    expected,
    queues: createQueueClient(stack),
    capturedIds: new Map(),
    print,

    async pay(paymentMethod, expectedStatus = 'COMPLETED') {
      const paymentId = await payOrder(await placeOrder(), randomUUID(), paymentMethod);
      const one = { paymentId, expectedStatus };
      expected.push(one);

      return one;
    },

    payments: () => {
      // A restore replaces the tables during a drill.
      const repository = createPaymentRepository(db, stack.tables.payments);

      return Promise.all(expected.map(({ paymentId }) => repository.getOrThrow(paymentId)));
    },

    registerFaultRemoval: (removeFault) => {
      faultRemovals.push(removeFault);
    },
    async removeFault() {
      await Promise.all(faultRemovals.map((removeFault) => removeFault()));
    },

    async waitUntil(probe) {
      const startedAt = performance.now();
      const elapsedMs = () => performance.now() - startedAt;
      for (let last = ''; ; ) {
        signal.throwIfAborted();
        const { summary, isReached } = await probe();
        if (summary !== last) print(`${(elapsedMs() / 1_000).toFixed(1)} s: ${summary}`);
        if (isReached) return;
        if (elapsedMs() > seconds * 1_000 + waitTimeoutMs) {
          throw new CliError(`Timed out after ${Math.round(elapsedMs() / 1_000)} s.`);
        }
        last = summary;
        await delay(pollIntervalMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    },
  };
};
