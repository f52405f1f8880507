import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Payment, PaymentStatus } from '../../shared/domain/payments/payment.ts';
import { createPaymentRepository } from '../../shared/persistence/payment-repository.ts';
import { CliError } from '../cli/cli-error.ts';
import { putBalance, putProduct } from '../demo/seed.ts';
import { currency } from '../demo/shop.ts';
import { createApiClient } from '../local/api-client.ts';
import { localClientConfig } from '../local/aws.ts';
import { createQueueClient, type QueueClient } from './queue-client.ts';
import type { Shell } from './shell-command.ts';

/** A payment of the drill, and where it is to end. */
export interface ExpectedPayment {
  readonly paymentId: string;
  readonly expectedStatus: PaymentStatus;
}

/** What a drill looks at while it waits: in words, and whether it is as it should be. */
export interface ProbeResult {
  readonly summary: string;
  readonly isReached: boolean;
}

/** The stage on which a drill is played: a buyer and a product of its own, and what everybody on call can see. */
export interface DrillContext {
  readonly shell: Shell;
  /** How long the fault lasts here. */
  readonly seconds: number;
  readonly sku: string;
  readonly expected: readonly ExpectedPayment[];
  readonly queues: QueueClient;
  /** Ids that came up and that a command is to name. */
  readonly capturedIds: Map<string, readonly string[]>;
  print(line: string): void;
  /** The buyer orders and pays; it has to be accepted, whatever is broken. */
  pay(paymentMethod?: string, ends?: PaymentStatus): Promise<ExpectedPayment>;
  /** The payments of the drill as they are stored now. */
  payments(): Promise<readonly Payment[]>;
  /** Keeps how the fault is taken away; doing it twice is as good as once. */
  registerFaultRemoval(mend: () => Promise<unknown>): void;
  removeFault(): Promise<void>;
  /** Looks until it is so, and says each change on the way. */
  waitUntil(look: () => Promise<ProbeResult>): Promise<void>;
}

const waitTimeoutMs = 180_000;
const pollIntervalMs = 300;
const price = 2_500;

export const createDrillContext = async (
  shell: Shell,
  { seconds, print }: Pick<DrillContext, 'seconds' | 'print'>,
): Promise<DrillContext> => {
  const { stack, signal } = shell;
  const { tables } = stack;
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(stack.endpoint)));
  const stored = createPaymentRepository(db, tables.payments);
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
      const { orderId } = await client.order([{ sku, quantity: 1 }], undefined, randomUUID());
      const { status, body } = await client.pay(orderId, paymentMethod, randomUUID());
      if (status !== 202) {
        throw new CliError(`A payment was not accepted: ${status} ${JSON.stringify(body)}`);
      }
      const one = { paymentId: `${body.paymentId}`, expectedStatus };
      expected.push(one);

      return one;
    },

    payments: () => Promise.all(expected.map(({ paymentId }) => stored.getOrThrow(paymentId))),

    registerFaultRemoval: (removeFault) => {
      faultRemovals.push(removeFault);
    },
    async removeFault() {
      await Promise.all(faultRemovals.map((removeFault) => removeFault()));
    },

    async waitUntil(probe) {
      const began = performance.now();
      const passed = () => performance.now() - began;
      for (let last = ''; ; ) {
        signal.throwIfAborted();
        const { summary, isReached } = await probe();
        if (summary !== last) print(`${(passed() / 1_000).toFixed(1)} s: ${summary}`);
        if (isReached) return;
        if (passed() > seconds * 1_000 + waitTimeoutMs) {
          throw new CliError(`Given up after ${Math.round(passed() / 1_000)} s.`);
        }
        last = summary;
        await delay(pollIntervalMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    },
  };
};
