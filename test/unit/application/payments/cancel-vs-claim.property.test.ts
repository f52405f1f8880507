import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DomainEvent } from '../../../../shared/domain/events/domain-event.ts';
import { derivePaymentId } from '../../../../shared/domain/ids.ts';
import type { Balance } from '../../../../shared/domain/money.ts';
import type { Order, Product } from '../../../../shared/domain/orders/order.ts';
import { eventOfChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import { aBalance, anOrder, aProduct, noon } from '../../../support/builders/builders.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { createGatewayModel, type RequestFate } from '../../../support/fakes/gateway-model.ts';
import { createCheckoutHarness } from '../../../support/harness/checkout-harness.ts';
import { createRefundHarness } from '../../../support/harness/refund-harness.ts';

const buyer = 'alice';
const paymentId = derivePaymentId(buyer, 'k');
const order = anOrder({
  userId: buyer,
  orderId: 'ord_1',
  lines: [{ sku: 'tea', quantity: 2, unitPrice: 1_000 }],
});

/** What comes at once: messages of the charge, cancels of the buyer, and what the network does to the first requests. */
const anyRace = fc.record({
  charges: fc.integer({ min: 1, max: 3 }),
  cancels: fc.integer({ min: 1, max: 3 }),
  inquiries: fc.integer({ min: 0, max: 2 }),
  fates: fc.array(fc.constantFrom<RequestFate>('not-sent', 'lost', 'answered', 'response-lost'), {
    maxLength: 6,
  }),
  isRefused: fc.boolean(),
});

type Race = typeof anyRace extends fc.Arbitrary<infer T> ? T : never;

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Array.from({ length: count }, (_, index) => work(index));

/** A shop with one order of alice's, a PG, and every handler that has a part in it. */
const createHarness = ({ fates, isRefused }: Race, turn: () => Promise<unknown>) => {
  const left = [...fates];
  let minutes = 0;
  const clock = { now: () => new Date(noon.getTime() + minutes * 60_000) };
  const pg = createGatewayModel(
    () => left.shift() ?? 'answered',
    () => isRefused,
  );
  const checkout = createCheckoutHarness({ turn, gateway: pg.gateway, clock });
  const { tables } = checkout;
  const refundHarness = createRefundHarness({ ...checkout, gateway: pg.gateway, clock });
  tables.put('Balances', aBalance({ userId: buyer, available: 2_000 }));
  tables.put('Products', aProduct({ sku: 'tea', available: 2 }));
  tables.put('Orders', order);
  const payment = () => tables.items<Payment>('Payments')[0] as Payment;

  /** As the stream told it, whatever was noted since. */
  const completed = () =>
    tables.changes
      .filter(({ table }) => table === 'Payments')
      .flatMap((change) => eventOfChange({ of: 'payment', ...change }) ?? [])
      .find(({ name }) => name === 'PaymentCompleted') as DomainEvent<'PaymentCompleted'>;
  const compensate = async () => {
    await Promise.allSettled(checkout.undoSteps.map((undo) => undo({ paymentId })));
    await checkout.finish({ paymentId }, {} as Context);
  };

  /** Delivers what follows from where the payment stands, as the bus would, until nothing follows any more. */
  const follow = async (): Promise<void> => {
    const { status } = payment();
    // Whatever waits for its time has waited.
    minutes += 10;
    const completion = completed();
    const requested = tables.items<Refund>('Refunds');
    if (status === 'RESERVED') await checkout.charge(paymentId).catch(() => {});
    else if (status === 'UNKNOWN') await checkout.inquire(paymentId).catch(() => {});
    else if (status === 'FAILED') await compensate();
    else if (completion?.data.cancelRequestedAt && requested.length === 0) {
      await refundHarness.refundCancelled(completion);
    } else if (requested.some((refund) => refund.status === 'REQUESTED')) {
      for (const { refundId } of requested) await refundHarness.execute(refundId);
    } else return;
    await follow();
  };

  return {
    pg,
    checkout,
    desk: refundHarness,
    payment,
    follow,
    end: () => ({
      payment: payment().status,
      order: tables.items<Order>('Orders')[0]?.status,
      available: tables.items<Balance>('Balances')[0]?.available,
      stock: tables.items<Product>('Products')[0]?.available,
      ...pg.stateOf(paymentId),
    }),
  };
};

const compensatedEnd = {
  payment: 'COMPENSATED',
  order: 'CANCELLED',
  available: 2_000,
  stock: 2,
  captured: [],
  refunded: [],
};
const completedEnd = {
  payment: 'COMPLETED',
  order: 'COMPLETED',
  available: 0,
  stock: 0,
  captured: [2_000],
  refunded: [],
};
const refundedEnd = {
  ...completedEnd,
  order: 'REFUNDED',
  available: 2_000,
  stock: 2,
  refunded: [2_000],
};

it('ends compensated or charged and refunded, in any order of cancel and claim', async () => {
  const seen = new Set<string>();

  await fc.assert(
    fc.asyncProperty(fc.scheduler(), anyRace, async (scheduler, rush) => {
      const shop = createHarness(rush, () => scheduler.schedule(Promise.resolve()));
      const { checkout, desk: refundHarness, follow } = shop;
      const body = { orderId: 'ord_1', paymentMethod: 'any' };
      await scheduler.waitFor(checkout.accept({ buyer, key: 'k', body, traceparent }));

      const cancels = times(rush.cancels, (index) =>
        refundHarness.cancel({ buyer, paymentId, key: `c-${index}`, body: undefined, traceparent }),
      );
      const others = [
        ...times(rush.charges, () => checkout.charge(paymentId)),
        ...times(rush.inquiries, () => checkout.inquire(paymentId)),
      ];
      const [answers] = await scheduler.waitFor(
        Promise.all([Promise.allSettled(cancels), Promise.allSettled(others)]),
      );
      // Also where its event is lost, nothing forgets that a cancelled payment is to be refunded.
      const { status, cancelRequestedAt, dueAt } = shop.payment();
      if (status === 'COMPLETED') {
        expect(dueAt !== undefined).toBe(cancelRequestedAt !== undefined);
      }
      await scheduler.waitFor(follow());
      if (status === 'COMPLETED') expect(shop.payment()).not.toHaveProperty('dueAt');

      const isCancelled = answers.some(({ status }) => status === 'fulfilled');
      const end = shop.end();
      const isPaid = end.payment === 'COMPLETED';
      expect(end).toEqual(isPaid ? (isCancelled ? refundedEnd : completedEnd) : compensatedEnd);
      for (const answer of answers) {
        if (answer.status === 'rejected') {
          expect(answer.reason).toMatchObject({ data: { code: 'payment-not-cancellable' } });
        }
      }
      seen.add(
        `${isCancelled ? 'cancelled' : 'too late'}, ${shop.payment().failure?.code ?? 'paid'}`,
      );
    }),
    { numRuns: 300 },
  );

  expect([...seen]).toEqual(
    expect.arrayContaining(['cancelled, cancelled-by-buyer', 'cancelled, paid', 'too late, paid']),
  );
}, 60_000);
