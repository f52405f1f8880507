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
import { createApiClient } from '../local/api-client.ts';
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
  const { tables } = stack;
  const db = createDatabase(
    DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(stack.endpoint))),
  );
  const repository = createPaymentRepository(db, tables.payments);
  const buyer = `drill-${randomUUID()}`;
  const sku = `drill-${randomUUID()}`;
  const expected: ExpectedPayment[] = [];
  const faultRemovals: (() => Promise<unknown>)[] = [];
  await putBalance(db, tables, { userId: buyer, currency, available: 1_000_000 });
  await putProduct(db, tables, { sku, name: 'Drill', unitPrice: price, currency, available: 100 });
  const client = await createApiClient(stack, buyer);

  return {
    shell,
    seconds,
    sku,
    expected,
    queues: createQueueClient(stack),
    capturedIds: new Map(),
    print,

    async pay(paymentMethod = 'sim_approve', expectedStatus = 'COMPLETED') {
      const order = await client.order([{ sku, quantity: 1 }], undefined, randomUUID());
      const { status, body } = await client.pay(
        order,
        { balanceAmount, paymentMethod },
        randomUUID(),
      );
      if (status !== 202) {
        throw new CliError(`POST /payments answered ${status}: ${JSON.stringify(body)}`);
      }
      const one = { paymentId: `${body.paymentId}`, expectedStatus };
      expected.push(one);

      return one;
    },

    payments: () => Promise.all(expected.map(({ paymentId }) => repository.getOrThrow(paymentId))),

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
