import { createAcceptPayment } from '../../../shared/application/payments/accept-payment.ts';
import { createCapturePayment } from '../../../shared/application/payments/capture-payment.ts';
import { RejectionError, ServiceUnavailableError } from '../../../shared/domain/errors.ts';
import { derivePaymentId } from '../../../shared/domain/ids.ts';
import { type StockCounts, splitStock } from '../../../shared/domain/orders/stock-shards.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../shared/domain/timings.ts';
import { createInvocationScopes } from '../../../shared/observability/invocation-scope.ts';
import { Random } from '../../simulation/virtual/random.ts';
import { VirtualTime } from '../../simulation/virtual/time.ts';
import { anOrder, aProduct } from '../../support/builders/builders.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';
import { createMemoryRepositories } from '../../support/fakes/memory-repositories.ts';
import { quantile } from '../measure/time-to-final-status.ts';
import { latencies } from '../model/latencies.ts';
import { exponential } from '../model/random.ts';
import { createConflictingDynamo } from './conflicting-dynamo.ts';

/** Buyers who all buy one unit of one product. */
export interface ConflictScenario {
  readonly perSecond: number;
  /** How long a transaction holds its items. */
  readonly holdMs: number;
  /** The shards of the product's stock. */
  readonly stockShards: number;
  /** The units of the product; so many that they suffice by default. */
  readonly available?: number;
  /** How long buyers arrive. */
  readonly seconds: number;
  /** The warm-up, whose buyers are ignored: settlements begin after the gateway's answer. */
  readonly warmUpSeconds: number;
}

export interface ConflictResult {
  /** The share of requests that are accepted; the others are answered with 503. */
  readonly accepted: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** The accept and settlement transactions of a request, and how many of them are refused. */
  readonly transactionsEach: number;
  readonly conflictsEach: number;
  /** The sums over the product's shards at the end, over the whole run. */
  readonly stock: StockCounts;
  /** The accepted and the settled payments of the whole run. */
  readonly acceptedTotal: number;
  readonly settledTotal: number;
}

const sku = 'hot';
const maxDeliveries = 4;
/** SQS delivers the message of a settlement that failed again after this. */
const redeliveryMs = 10_000;
/** The gateway takes its time, and up to a second more. */
const { value: gatewayMs } = latencies.pgMs;
const gatewaySpreadMs = 1_000;

const keys = { Orders: ['orderId'], Payments: ['paymentId'], Products: ['sku'] };

/** Runs accept and settlement as they are, in virtual time, on a database that refuses conflicts. */
export const simulateConflicts = async (
  {
    perSecond,
    holdMs,
    stockShards,
    seconds,
    warmUpSeconds,
    available = 1_000_000,
  }: ConflictScenario,
  seed = 1,
): Promise<ConflictResult> => {
  const random = new Random(seed);
  const time = new VirtualTime(0, random.fork('ties'));
  const pauses = random.fork('pauses');
  const ids = random.fork('ids');
  const runtime = {
    clock: { now: () => new Date(time.now) },
    sleep: (milliseconds: number) => time.sleep(milliseconds),
    random: () => pauses.next(),
    randomId: () => ids.id(),
  };
  const tables = new MemoryDynamo(keys);
  const { db, counts } = createConflictingDynamo(tables, runtime, {
    holdMs,
    requestMs: latencies.dynamoMs.value,
    networkMs: 2,
  });
  const stores = createMemoryRepositories(db);
  const accept = createAcceptPayment(stores);
  const capture = createCapturePayment(stores);
  const inScope = createInvocationScopes('conflict-model');
  for (const item of splitStock(aProduct({ sku, available }), stockShards))
    tables.put('Products', item);

  const tookMs: number[] = [];
  const total = { accepted: 0, settled: 0 };
  let refused = 0;

  const tryAccept = (number: number): Promise<Payment | undefined> => {
    const userId = `buyer-${number}`;
    const order = anOrder({
      orderId: `ord_${number}`,
      userId,
      lines: [{ sku, quantity: 1, unitPrice: 1_000, ...(stockShards > 1 && { stockShards }) }],
    });
    tables.put('Orders', order);
    const command = {
      paymentId: derivePaymentId(userId, 'key'),
      userId,
      orderId: order.orderId,
      paymentMethod: 'sim_approve',
      requestHash: 'hash',
    };

    return accept(command, runtime.clock.now(), timings.cloud).then(
      ({ payment }) => payment,
      rethrowUnlessUnavailable,
    );
  };

  const trySettle = async (payment: Payment): Promise<boolean> => {
    const step = { at: runtime.clock.now(), by: 'charge-payment' };
    const claimed = transitionPayment(payment, 'claimed', step);
    tables.put('Payments', claimed);
    const completed = transitionPayment(claimed, 'captured', step);

    return (await capture(claimed, completed).catch(rethrowUnlessUnavailable)) === 'written';
  };

  const buy = async (number: number): Promise<void> => {
    const beganAt = time.now;
    const isCounted = beganAt >= warmUpSeconds * 1_000;
    const payment = await inScope(() => tryAccept(number));
    if (payment === undefined) {
      if (isCounted) refused += 1;
      return;
    }
    total.accepted += 1;
    if (isCounted) tookMs.push(time.now - beganAt);
    await time.sleep(gatewayMs + pauses.next() * gatewaySpreadMs);
    for (let delivery = 1; delivery <= maxDeliveries; delivery += 1) {
      if (await inScope(() => trySettle(payment))) {
        total.settled += 1;
        return;
      }
      await time.sleep(redeliveryMs);
    }
  };

  const arrivals = random.fork('arrivals');
  const buyers: Promise<void>[] = [];
  for (let at = 0; at < seconds * 1_000; ) {
    time.after(at, () => buyers.push(buy(buyers.length)));
    at += exponential(() => arrivals.next(), 1_000 / perSecond);
  }
  const maxSettlementMs = maxDeliveries * (gatewayMs + gatewaySpreadMs + redeliveryMs);
  await time.runUntil(seconds * 1_000 + maxSettlementMs);
  await Promise.all(buyers);
  tookMs.sort((a, b) => a - b);
  const shards = tables.items<StockCounts>('Products');
  const sumOf = (column: keyof StockCounts) =>
    shards.reduce((sum, shard) => sum + shard[column], 0);

  return {
    accepted: tookMs.length / (tookMs.length + refused),
    medianMs: quantile(tookMs, 0.5),
    p99Ms: quantile(tookMs, 0.99),
    transactionsEach: counts.transactions / buyers.length,
    conflictsEach: counts.conflicts / buyers.length,
    stock: {
      available: sumOf('available'),
      reserved: sumOf('reserved'),
      sold: sumOf('sold'),
      received: sumOf('received'),
    },
    acceptedTotal: total.accepted,
    settledTotal: total.settled,
  };
};

/** Ignores the rejections that a buyer of a hot product expects. */
const rethrowUnlessUnavailable = (error: unknown): undefined => {
  const isOutOfStock = error instanceof RejectionError && error.data.code === 'out-of-stock';
  if (!isOutOfStock && !(error instanceof ServiceUnavailableError)) throw error;
};
