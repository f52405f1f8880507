import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { PaymentStatus } from '../../shared/domain/payments/payment-transitions.ts';
import { paymentsIn } from '../../shared/persistence/payment-repository.ts';
import { Advice } from '../cli/cli-error.ts';
import { putBalance, putProduct } from '../demo/seed.ts';
import { currency } from '../demo/shop.ts';
import { shopper } from '../local/api-client.ts';
import { localClient } from '../local/aws.ts';
import { type Queues, queuesOf } from './queue-client.ts';
import type { Shell } from './shell-command.ts';

/** A payment of the drill, and where it is to end. */
export interface Expected {
  readonly paymentId: string;
  readonly ends: PaymentStatus;
}

/** What a drill looks at while it waits: in words, and whether it is as it should be. */
export interface Sight {
  readonly now: string;
  readonly isSo: boolean;
}

/** The stage on which a drill is played: a buyer and a product of its own, and what everybody on call can see. */
export interface Scene {
  readonly shell: Shell;
  /** How long the fault lasts here. */
  readonly seconds: number;
  readonly sku: string;
  readonly expected: readonly Expected[];
  readonly queues: Queues;
  /** Ids that came up and that a command is to name. */
  readonly notes: Map<string, readonly string[]>;
  say(line: string): void;
  /** The buyer orders and pays; it has to be accepted, whatever is broken. */
  pay(paymentMethod?: string, ends?: PaymentStatus): Promise<Expected>;
  /** The payments of the drill as they are stored now. */
  payments(): Promise<readonly Payment[]>;
  /** Keeps how the fault is taken away; doing it twice is as good as once. */
  mendsBy(mend: () => Promise<unknown>): void;
  mend(): Promise<void>;
  /** Looks until it is so, and says each change on the way. */
  until(look: () => Promise<Sight>): Promise<void>;
}

const patienceMs = 180_000;
const everyMs = 300;
const price = 2_500;

export const openScene = async (
  shell: Shell,
  { seconds, say }: Pick<Scene, 'seconds' | 'say'>,
): Promise<Scene> => {
  const { stack, signal } = shell;
  const { tables } = stack;
  const db = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(stack.endpoint)));
  const stored = paymentsIn(db, tables.payments);
  const buyer = `drill-${randomUUID()}`;
  const sku = `drill-${randomUUID()}`;
  const expected: Expected[] = [];
  const mends: (() => Promise<unknown>)[] = [];
  await putBalance(db, tables, { userId: buyer, currency, available: 1_000_000 });
  await putProduct(db, tables, { sku, name: 'Drill', unitPrice: price, currency, available: 100 });
  const browser = await shopper(stack, buyer);

  return {
    shell,
    seconds,
    sku,
    expected,
    queues: queuesOf(stack),
    notes: new Map(),
    say,

    async pay(paymentMethod = 'sim_approve', ends = 'COMPLETED') {
      const { orderId } = await browser.order([{ sku, quantity: 1 }], undefined, randomUUID());
      const { status, body } = await browser.pay(orderId, paymentMethod, randomUUID());
      if (status !== 202) {
        throw new Advice(`A payment was not accepted: ${status} ${JSON.stringify(body)}`);
      }
      const one = { paymentId: `${body.paymentId}`, ends };
      expected.push(one);

      return one;
    },

    payments: () => Promise.all(expected.map(({ paymentId }) => stored.existing(paymentId))),

    mendsBy: (mend) => {
      mends.push(mend);
    },
    async mend() {
      await Promise.all(mends.map((mend) => mend()));
    },

    async until(look) {
      const began = performance.now();
      const passed = () => performance.now() - began;
      for (let last = ''; ; ) {
        signal.throwIfAborted();
        const { now, isSo } = await look();
        if (now !== last) say(`${(passed() / 1_000).toFixed(1)} s: ${now}`);
        if (isSo) return;
        if (passed() > seconds * 1_000 + patienceMs) {
          throw new Advice(`Given up after ${Math.round(passed() / 1_000)} s.`);
        }
        last = now;
        await delay(everyMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    },
  };
};
