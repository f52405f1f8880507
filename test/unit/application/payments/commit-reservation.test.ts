import { beforeEach, describe, expect, it } from 'vitest';
import { createAcceptPayment } from '../../../../shared/application/payments/accept-payment.ts';
import type { Database } from '../../../../shared/config/platform.ts';
import { createDatabase, systemRuntime } from '../../../../shared/config/system-runtime.ts';
import { RejectionError, ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { contentHashOf, derivePaymentId } from '../../../../shared/domain/ids.ts';
import { type StockCounts, splitStock } from '../../../../shared/domain/orders/stock-shards.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { anOrder, aProduct, noon } from '../../../support/builders/builders.ts';
import { cancelledTransaction } from '../../../support/builders/transaction-errors.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { createMemoryRepositories } from '../../../support/fakes/memory-repositories.ts';

const keys = {
  Orders: ['orderId'],
  Payments: ['paymentId'],
  Products: ['sku'],
};
const times = { unclaimedTimeoutMs: 1_000, holdExpiryMs: 60_000 };
type Stored = StockCounts & { readonly sku: string };

let tables: MemoryDynamo;
let sent: string[];
/** Returns an error for a command, or lets it pass. */
let refuse: (name: string, input: { TransactItems?: readonly object[] }) => Error | undefined;
let pauses: number;

const open = () => {
  const send = async (command: { readonly input: object }) => {
    const name = command.constructor.name.replace('Command', '');
    sent.push(name);
    const error = refuse(name, command.input);
    if (error) throw error;

    return tables.send(command);
  };
  const db: Database = createDatabase({ send } as unknown as Database, {
    ...systemRuntime,
    clock: { now: () => noon },
    sleep: async () => {
      pauses += 1;
    },
  });

  return createAcceptPayment(createMemoryRepositories(db));
};

/** A product with the given available units on its shards. */
const stockOf = (sku: string, ...available: readonly number[]) => {
  const [product, ...shards] = splitStock(aProduct({ sku, available: 0 }), available.length);
  for (const [shard, item] of [product, ...shards].entries()) {
    const units = available[shard] ?? 0;
    tables.put('Products', { ...item, available: units, received: units });
  }
};

const buy = (quantity: number, stockShards: number, buyer = 'ann') => {
  const line = { sku: 'tea', quantity, unitPrice: 10, ...(stockShards > 1 && { stockShards }) };
  const order = anOrder({ orderId: `ord_${buyer}`, userId: buyer, lines: [line] });
  tables.put('Orders', order);
  const command = {
    paymentId: derivePaymentId(buyer, 'key'),
    userId: buyer,
    orderId: order.orderId,
    paymentMethod: 'sim_approve',
    requestHash: 'hash',
  };

  return open()(command, noon, times).then(({ payment }) => payment);
};

const units = () =>
  Object.fromEntries(
    tables
      .items<Stored>('Products')
      .map(({ sku, available, reserved }) => [sku, `${available}/${reserved}`]),
  );
const partsOf = ({ reservation }: Payment) => reservation?.lines[0]?.parts;
const keyOf = (write: object) =>
  (write as { Update?: { Key?: { sku?: string } } }).Update?.Key?.sku;

beforeEach(() => {
  tables = new MemoryDynamo(keys);
  sent = [];
  pauses = 0;
  refuse = () => undefined;
});

describe('accept of a product with shards', () => {
  it('reserves on one shard and remembers it, in the same two round trips', async () => {
    stockOf('tea', 5, 5, 5);

    const payment = await buy(2, 3);

    expect(sent).toEqual(['Get', 'TransactWrite']);
    const [part] = partsOf(payment) ?? [];
    expect(part?.quantity).toBe(2);
    expect(units()[part?.sku ?? '']).toBe('3/2');
    expect(tables.items('Payments')).toMatchObject([{ reservation: payment.reservation }]);
  });

  it('needs one round trip if the request has the order', async () => {
    stockOf('tea', 5, 5, 5);
    const line = { sku: 'tea', quantity: 2, unitPrice: 10, stockShards: 3 };
    const { orderId, userId, ...order } = anOrder({
      orderId: 'ord_1',
      userId: 'ann',
      lines: [line],
    });
    const { lines, total, currency, expiresAt } = order;
    const contentHash = contentHashOf({ lines, total, currency, expiresAt });
    tables.put('Orders', { ...order, orderId, userId, contentHash });

    const { payment } = await open()(
      {
        ...{ orderId, userId, paymentMethod: 'sim_approve', requestHash: 'hash' },
        paymentId: derivePaymentId('ann', 'key'),
        sentOrder: { lines, total, currency, expiresAt, contentHash },
      },
      noon,
      times,
    );

    expect(sent).toEqual(['TransactWrite']);
    expect(partsOf(payment)).toHaveLength(1);
  });

  it('stores a product without shards exactly as before', async () => {
    stockOf('tea', 5);

    const payment = await buy(2, 1);

    expect(payment.reservation?.lines).toEqual([{ sku: 'tea', quantity: 2 }]);
    expect(sent).toEqual(['Get', 'TransactWrite']);
  });

  it('reads nothing more if a product without shards is out of stock', async () => {
    stockOf('tea', 1);

    await expect(buy(2, 1)).rejects.toBeInstanceOf(RejectionError);

    expect(sent).not.toContain('BatchGet');
  });

  it('takes the next shard after a conflict, at first without a pause', async () => {
    stockOf('tea', 5, 5, 5, 5, 5, 5, 5, 5);
    const tried: (string | undefined)[] = [];
    refuse = (name, { TransactItems = [] }) => {
      if (name !== 'TransactWrite' || tried.length === 4) return undefined;
      tried.push(TransactItems.map(keyOf).find(Boolean));

      return cancelledTransaction(
        ...TransactItems.map((write) => (keyOf(write) ? 'TransactionConflict' : 'None')),
      );
    };

    const [part] = partsOf(await buy(1, 8)) ?? [];

    expect(new Set([...tried, part?.sku]).size).toBe(5);
    expect(pauses).toBe(2);
    expect(units()[part?.sku ?? '']).toBe('4/1');
  });

  it('pauses if the conflict is on another item than the shard', async () => {
    stockOf('tea', 5, 5);
    let conflicts = 1;
    refuse = (name, { TransactItems = [] }) =>
      name === 'TransactWrite' && conflicts-- > 0
        ? cancelledTransaction(
            ...TransactItems.map((write) => (keyOf(write) ? 'None' : 'TransactionConflict')),
          )
        : undefined;

    await buy(1, 2);

    expect(pauses).toBe(1);
  });

  it.each([
    ['on the only shard that has them', 2, [0, 0, 2, 0], { 'tea#2': '0/2' }],
    ['on two shards', 3, [0, 2, 0, 1], { 'tea#1': '0/2', 'tea#3': '0/1' }],
    ['on all shards', 4, [1, 1, 1, 1], { tea: '0/1', 'tea#3': '0/1' }],
  ] as const)('sells the last units %s', async (_, quantity, available, expected) => {
    stockOf('tea', ...available);

    const payment = await buy(quantity, 4);

    expect(units()).toMatchObject(expected);
    expect(partsOf(payment)?.reduce((sum, part) => sum + part.quantity, 0)).toBe(quantity);
  });

  it.each([
    ['the product has got shards', 1, [0, 0, 3]],
    ['shards were removed that still have units', 1, [0, 0, 3]],
    ['there are fewer shards', 9, [1, 2]],
  ] as const)('finds the units if %s since the order', async (_, stockShards, available) => {
    stockOf('tea', ...available);

    await buy(2, stockShards);

    const reserved = tables.items<Stored>('Products').reduce((sum, item) => sum + item.reserved, 0);
    expect(reserved).toBe(2);
  });

  it('is out of stock if all shards together have too few, and holds nothing', async () => {
    stockOf('tea', 1, 1, 1);

    await expect(buy(4, 3)).rejects.toMatchObject({ data: { code: 'out-of-stock' } });

    expect(units()).toEqual({ tea: '1/0', 'tea#1': '1/0', 'tea#2': '1/0' });
  });

  it('is not out of stock while an operator moves units, but 503', async () => {
    stockOf('tea', 0, 0);
    const [product = {}] = tables.items<object>('Products');
    tables.put('Products', { ...product, stockMovedAt: noon.toISOString() });

    await expect(buy(1, 2)).rejects.toBeInstanceOf(ServiceUnavailableError);

    expect(tables.items('Payments')).toEqual([]);
  });

  it('counts a missing shard as empty', async () => {
    stockOf('tea', 3, 0, 0, 0);
    for (const shard of [1, 2, 3]) tables.deleteItem('Products', { sku: `tea#${shard}` });

    await buy(2, 4);

    expect(units()).toEqual({ tea: '1/2' });
  });

  it('sells nothing of another product whose SKU looks like a shard', async () => {
    stockOf('tea', 0, 0);
    tables.put('Products', aProduct({ sku: 'tea#1', available: 9 }));

    // They select both keys at first.
    for (const buyer of ['ann', 'bob', 'cat', 'dan']) {
      await expect(buy(1, 2, buyer)).rejects.toMatchObject({
        data: { code: 'product-not-sellable', errors: [{ sku: 'tea#1' }] },
      });
    }
    expect(units()['tea#1']).toBe('9/0');
  });

  it.each(['available', 'reserved', 'sold'])(
    'sells the other shards if %s of one is invalid',
    async (column) => {
      stockOf('tea', 0, 3, 2);
      const item = tables.items<Stored>('Products').find(({ sku }) => sku === 'tea#1');
      tables.put('Products', { ...item, [column]: 'many' });

      await buy(2, 3);

      expect(units()['tea#2']).toBe('0/2');
    },
  );

  it('names the invalid shard if the others have too few', async () => {
    stockOf('tea', 0, 3);
    const item = tables.items<Stored>('Products').find(({ sku }) => sku === 'tea#1');
    tables.put('Products', { ...item, sold: 'many' });

    await expect(buy(2, 2)).rejects.toMatchObject({
      data: { code: 'product-not-sellable', errors: [{ sku: 'tea#1' }] },
    });
  });

  it.each(['many', 0, 1.5, 501, null])(
    'names the product if its number of shards is %s',
    async (stockShards) => {
      stockOf('tea', 0, 0);
      const [product = {}] = tables.items<object>('Products');
      tables.put('Products', { ...product, stockShards });

      await expect(buy(1, 2)).rejects.toMatchObject({
        data: { code: 'product-not-sellable', errors: [{ sku: 'tea' }] },
      });
    },
  );

  it('is 503 and no false refusal if the units are on too many shards', async () => {
    stockOf('tea', ...Array.from({ length: 100 }, () => 1));

    await expect(buy(95, 100)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      detail: 'There are units of "tea" left, but this request could not get them.',
    });
    await expect(buy(90, 100, 'bob')).resolves.toMatchObject({ status: 'RESERVED' });
  });
});
