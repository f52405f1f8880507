import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contentHashOf } from '../../../../shared/domain/ids.ts';
import type { Order } from '../../../../shared/domain/orders/order.ts';
import { createAcceptHarness } from './harness.ts';

type AcceptHarness = ReturnType<typeof createAcceptHarness>;

const past = '2001-01-01T00:00:00.000Z';
const later = '2100-01-01T00:00:00.000Z';

/** What has happened to the order; the client still knows it as it was placed. */
const anyChange = fc.constantFrom<Partial<Order> | 'deleted'>(
  {},
  {},
  {},
  { userId: 'mallory' },
  { status: 'PAYING', activePaymentId: 'pay_0' },
  { status: 'COMPLETED', activePaymentId: 'pay_0' },
  { status: 'CANCELLED', cancelReason: 'expired' },
  { status: 'CANCELLED', cancelReason: 'cancelled-by-buyer' },
  { expiresAt: past },
  { total: 2_400 },
  { contentHash: undefined },
  'deleted',
);

const anyLine = fc.record({
  sku: fc.constantFrom('tea', 'tea', 'gold'),
  quantity: fc.constantFrom(1, 1, 2),
  unitPrice: fc.constantFrom(2_500, 2_500, 0),
});

const forgedFields = {
  lines: fc.array(anyLine, { minLength: 1, maxLength: 3 }),
  couponId: fc.constantFrom('free', 'welcome'),
  total: fc.constantFrom(0, 1, 2_400, 2_499, 2_501),
  currency: fc.constantFrom('JPY', 'USD'),
  expiresAt: fc.constantFrom(past, later, 'never'),
};

/** What a client changes in the order that it sends: nothing, one field, or some. */
const anyForgery = fc.oneof(
  fc.constant({}),
  fc.record({ lines: forgedFields.lines }),
  fc.record({ couponId: forgedFields.couponId }),
  fc.record({ currency: forgedFields.currency }),
  fc.record(forgedFields, { requiredKeys: [] }),
);

/** How the hash of the sent order comes about. */
const anyHash = fc.constantFrom('computed', 'computed', 'stored', 'stored', 'invented');

const anyRequest = fc.record(
  {
    key: fc.constantFrom('k-1', 'k-2'),
    orderId: fc.constant('ord_0'),
    balanceAmount: fc.constantFrom(0, 1, 1_000, 2_500, 2_501),
    expectedAmount: fc.constantFrom(2_500, 2_400, 1),
    paymentMethod: fc.constant('sim_approve'),
  },
  { requiredKeys: ['key', 'orderId'] },
);

const orderAsSent = (
  { lines, couponId, total, currency, expiresAt, contentHash }: Order,
  forgery: object,
  hash: string,
) => {
  const content = { lines, couponId, total, currency, expiresAt, ...forgery };
  const hashes = { computed: contentHashOf(content), stored: contentHash, invented: 'invented' };

  return { ...content, contentHash: hashes[hash as keyof typeof hashes] };
};

/** Everything that is stored. The trace is of the request, and requests have different ones. */
const stored = ({ tables }: AcceptHarness) =>
  ['Orders', 'Payments', 'Balances', 'Products'].map((table) =>
    tables.items<Record<string, unknown>>(table).map(({ traceparent, ...item }) => item),
  );

it('answers and stores the same, whatever order the client sends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ available: fc.constantFrom(900, 10_000), stock: fc.nat({ max: 2 }) }),
      anyChange,
      fc.array(
        fc.record({
          request: anyRequest,
          forgery: anyForgery,
          hash: anyHash,
          isHere: fc.boolean(),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      async (shop, change, requests) => {
        const shops = [createAcceptHarness(shop), createAcceptHarness(shop)] as const;
        const [plain, harness] = shops;
        const placed = harness.orders()[0] as Order;
        for (const { tables } of shops) {
          if (change === 'deleted') tables.deleteItem('Orders', { orderId: 'ord_0' });
          else tables.put('Orders', JSON.parse(JSON.stringify({ ...placed, ...change })));
        }
        const here = shops.map(({ environment }) => environment());

        for (const { request, forgery, hash, isHere } of requests) {
          const [withoutIt, withIt] = isHere ? here : shops.map(({ environment }) => environment());
          const order = orderAsSent(placed, forgery, hash);

          expect(await withIt?.({ ...request, order })).toEqual(await withoutIt?.(request));
          expect(stored(harness)).toEqual(stored(plain));
        }
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
