import { describe, expect, it } from 'vitest';
import { reconcileLedger } from '../../../../functions/reconcile-ledger/handler.ts';
import { operation } from '../../../../functions/reconcile-ledger/operation.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { operatorScope } from '../../../../shared/http/routes.ts';
import {
  createReconciliationReader,
  type ReconciliationReader,
} from '../../../../shared/persistence/reconciliation-reader.ts';
import { aBalance, anOrder, aPayment, noon } from '../../../support/builders/builders.ts';
import { tableNames } from '../../../support/builders/table-names.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { call } from '../../../support/harness/invoke-handler.ts';
import {
  completedStores,
  type StoreContents,
  storesWithHold,
} from '../../domain/reconciliation/harness.ts';

const request = { method: 'GET', path: '/operator/ledger', buyer: 'olivia' } as const;
const asOperator = { ...request, scope: operatorScope };
const usual = { maxItems: 1_000, maxDurationMs: 20_000 };

const createLedgerHandler = (contents: StoreContents, { budget = usual, msPerPage = 0 } = {}) => {
  const clock = { now: () => new Date(world.now) };
  const world = { now: noon.getTime(), readings: 0 };
  const ledger = (spend: (items: number) => void): ReconciliationReader => {
    const read = async () => {
      world.readings += 1;
      for (const page of [contents.payments, contents.balances]) {
        world.now += msPerPage;
        spend(page.length);
      }

      return contents;
    };

    return { readVersionedRecords: read, readUnversionedRecords: read };
  };

  return { world, handler: httpHandler(reconcileLedger({ createReader: ledger, budget, clock })) };
};

const callLedger = async (...given: Parameters<typeof createLedgerHandler>) => {
  const { body } = await call(createLedgerHandler(...given).handler, asOperator);
  operation.responses[200]?.schema?.parse(body);

  return body;
};

describe('reconcile ledger', () => {
  it('answers reconciled if everything agrees', async () => {
    expect(await callLedger(completedStores)).toEqual({
      outcome: 'reconciled',
      at: noon.toISOString(),
      discrepancies: [],
      explained: [],
      unstable: [],
      undecidedPayments: [],
      disputes: [],
      counts: {
        ...{ payments: 1, restorations: 0, refunds: 0, orders: 1 },
        ...{ balances: 1, products: 1, coupons: 1, charges: 1 },
        ...{ discrepancies: 0, explained: 0, unstable: 0, undecidedPayments: 0, disputes: 0 },
      },
    });
  });

  it('lists the discrepancies', async () => {
    expect(await callLedger({ ...completedStores, charges: [] })).toMatchObject({
      outcome: 'discrepancy',
      discrepancies: [{ kind: 'payment', id: 'pay_1', difference: -800, unit: 'KRW' }],
      counts: { discrepancies: 1 },
    });
  });

  it('lists the undecided payments', async () => {
    expect(await callLedger(storesWithHold('claimed'))).toMatchObject({
      outcome: 'reconciled',
      undecidedPayments: [
        { paymentId: 'pay_1', status: 'CHARGING', amount: 2_000, remainingAtGateway: 0 },
      ],
    });
  });

  it('lists disputed payments and is reconciled', async () => {
    const dispute = {
      id: 'dp_1',
      status: 'lost',
      amount: 300,
      openedAt: noon.toISOString(),
    } as const;
    const payments = completedStores.payments.map((payment) => ({ ...payment, dispute }));

    expect(await callLedger({ ...completedStores, payments })).toMatchObject({
      outcome: 'reconciled',
      disputes: [{ paymentId: 'pay_1', disputeId: 'dp_1', status: 'lost', amount: 300 }],
      counts: { disputes: 1 },
    });
  });

  it('lists at most a hundred per list and counts all', async () => {
    const broken = Array.from({ length: 150 }, (_, index) => ({
      ...aBalance({ userId: `buyer-${index}` }),
      deposited: 0,
    }));

    const { discrepancies, counts } = await callLedger({
      ...completedStores,
      balances: [...completedStores.balances, ...broken],
    });

    expect(discrepancies).toHaveLength(100);
    expect(counts).toMatchObject({ discrepancies: 150 });
  });

  it.each([
    ['items', { budget: { ...usual, maxItems: 5 } }],
    ['time', { msPerPage: 5_000 }],
  ])('answers limit-exceeded if one call cannot read everything: %s', async (_bound, bounds) => {
    expect(await callLedger(completedStores, bounds)).toEqual({
      outcome: 'limit-exceeded',
      at: noon.toISOString(),
      discrepancies: [],
      explained: [],
      unstable: [],
      undecidedPayments: [],
      disputes: [],
      counts: {},
    });
  });

  it('rejects a caller who is not an operator', async () => {
    const { world, handler } = createLedgerHandler(completedStores);

    expect(await call(handler, request)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect(world.readings).toBe(0);
  });
});

describe('reconciliation reader', () => {
  const keys = { ...Object.fromEntries(Object.values(tableNames).map((name) => [name, ['id']])) };
  const charges = async function* () {
    yield* completedStores.charges;
  };

  it('reads to the last page and reports each page', async () => {
    const memory = new MemoryDynamo({
      ...keys,
      Payments: ['paymentId'],
      Compensations: ['paymentId', 'target'],
    });
    const payments = [1, 2, 3].map(() => aPayment({ order: anOrder() }));
    for (const payment of payments) memory.put('Payments', payment);
    const record = { paymentId: 'pay_1', delta: 7, outcome: 'restored', compensatedAt: '' };
    for (const target of ['STOCK#a#b', 'BALANCE#ann', 'COUPON#welcome', 'ORDER#ord_1', 'X#y']) {
      memory.put('Compensations', { ...record, target });
    }
    const spent: number[] = [];
    const ledger = createReconciliationReader({
      db: memory.client,
      tables: tableNames,
      charges,
      onRead: (items) => spent.push(items),
    });

    const histories = await ledger.readVersionedRecords();

    expect(histories.payments).toHaveLength(3);
    expect(histories.restorations).toEqual([
      { paymentId: 'pay_1', of: 'balance', id: 'ann', delta: 7 },
      { paymentId: 'pay_1', of: 'coupon', id: 'welcome', delta: 7 },
      { paymentId: 'pay_1', of: 'order', id: 'ord_1', delta: 7 },
      { paymentId: 'pay_1', of: 'stock', id: 'a#b', delta: 7 },
      { paymentId: 'pay_1', of: 'other', id: 'X#y', delta: 7 },
    ]);
    expect(spent.reduce((sum, items) => sum + items, 0)).toBe(8);
    expect((await ledger.readUnversionedRecords()).charges).toEqual(completedStores.charges);
  });
});
