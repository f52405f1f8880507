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

/**
 * The concurrent requests: charge messages, cancels of the buyer, and what happens to the first gateway
 * requests.
 */
const anyRace = fc.record({
  charges: fc.integer({ min: 1, max: 3 }),
  cancels: fc.integer({ min: 1, max: 3 }),
  inquiries: fc.integer({ min: 0, max: 2 }),
  fates: fc.array(fc.constantFrom<RequestFate>('not-sent', 'lost', 'answered', 'response-lost'), {
    maxLength: 6,
  }),
  isDeclined: fc.boolean(),
});

type Race = typeof anyRace extends fc.Arbitrary<infer T> ? T : never;

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Array.from({ length: count }, (_, index) => work(index));

/** One order of Alice, a gateway model, and every handler that takes part. */
const createHarness = ({ fates, isDeclined }: Race, turn: () => Promise<unknown>) => {
  const left = [...fates];
  let minutes = 0;
  const clock = { now: () => new Date(noon.getTime() + minutes * 60_000) };
  const pg = createGatewayModel(
    () => left.shift() ?? 'answered',
    () => (isDeclined ? 'declined' : 'captured'),
  );
  const checkout = createCheckoutHarness({ turn, gateway: pg.gateway, clock });
  const { tables } = checkout;
  const refundHarness = createRefundHarness({ ...checkout, gateway: pg.gateway, clock });
  tables.put('Balances', aBalance({ userId: buyer, available: 500 }));
  tables.put('Products', aProduct({ sku: 'tea', available: 2 }));
  tables.put('Orders', order);
  const payment = () => tables.items<Payment>('Payments')[0] as Payment;

  /** The event as the relay published it. */
  const completed = () =>
    tables.changes
      .filter(({ table }) => table === 'Payments')
      .flatMap((change) => eventOfChange({ of: 'payment', ...change }) ?? [])
      .find(({ name }) => name === 'PaymentCompleted') as DomainEvent<'PaymentCompleted'>;
  const compensate = async () => {
    await Promise.allSettled(checkout.compensationSteps.map((step) => step({ paymentId })));
    await checkout.finish({ paymentId }, {} as Context);
  };

  /** Delivers the events of the payment's current status, as the bus would, until none is left. */
  const deliverAll = async (): Promise<void> => {
    const { status } = payment();
    // Every due time has passed.
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
    await deliverAll();
  };

  return {
    pg,
    checkout,
    refundHarness,
    payment,
    deliverAll,
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
  available: 500,
  stock: 2,
  captured: [],
  refunded: [],
};
const completedEnd = {
  payment: 'COMPLETED',
  order: 'COMPLETED',
  available: 0,
  stock: 0,
  captured: [1_500],
  refunded: [],
};
const refundedEnd = {
  ...completedEnd,
  order: 'REFUNDED',
  available: 500,
  stock: 2,
  refunded: [1_500],
};

it('ends compensated or charged and refunded, in any order of cancel and claim', async () => {
  const outcomes = new Set<string>();

  await fc.assert(
    fc.asyncProperty(fc.scheduler(), anyRace, async (scheduler, race) => {
      const harness = createHarness(race, () => scheduler.schedule(Promise.resolve()));
      const { checkout, refundHarness, deliverAll } = harness;
      const body = { orderId: 'ord_1', balanceAmount: 500, paymentMethod: 'any' };
      await scheduler.waitFor(checkout.accept({ buyer, key: 'k', body, traceparent }));

      const cancels = times(race.cancels, (index) =>
        refundHarness.cancel({ buyer, paymentId, key: `c-${index}`, body: undefined, traceparent }),
      );
      const others = [
        ...times(race.charges, () => checkout.charge(paymentId)),
        ...times(race.inquiries, () => checkout.inquire(paymentId)),
      ];
      const [cancelResults] = await scheduler.waitFor(
        Promise.all([Promise.allSettled(cancels), Promise.allSettled(others)]),
      );
      // Even if its event is lost, a cancelled payment stays due until it is refunded.
      const { status, cancelRequestedAt, dueAt } = harness.payment();
      if (status === 'COMPLETED') {
        expect(dueAt !== undefined).toBe(cancelRequestedAt !== undefined);
      }
      await scheduler.waitFor(deliverAll());
      if (status === 'COMPLETED') expect(harness.payment()).not.toHaveProperty('dueAt');

      const isCancelled = cancelResults.some(({ status }) => status === 'fulfilled');
      const end = harness.end();
      const isPaid = end.payment === 'COMPLETED';
      expect(end).toEqual(isPaid ? (isCancelled ? refundedEnd : completedEnd) : compensatedEnd);
      for (const result of cancelResults) {
        if (result.status === 'rejected') {
          expect(result.reason).toMatchObject({ data: { code: 'payment-not-cancellable' } });
        }
      }
      outcomes.add(
        `${isCancelled ? 'cancelled' : 'too late'}, ${harness.payment().failure?.code ?? 'paid'}`,
      );
    }),
    { numRuns: 300 },
  );

  expect([...outcomes]).toEqual(
    expect.arrayContaining(['cancelled, cancelled-by-buyer', 'cancelled, paid', 'too late, paid']),
  );
}, 60_000);
