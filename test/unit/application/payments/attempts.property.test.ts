import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { confirmPayment } from '../../../../functions/confirm-payment/handler.ts';
import { recoverPayment } from '../../../../functions/sweep-payments/recover-payment.ts';
import type { Balance } from '../../../../shared/domain/money.ts';
import type { Product } from '../../../../shared/domain/orders/order.ts';
import {
  gatewayReferenceOf,
  paymentIdOfReference,
} from '../../../../shared/domain/payments/charge-reference.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { isFinal } from '../../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type { ChargeRequest } from '../../../../shared/gateway/payment-gateway.ts';
import { noon } from '../../../support/builders/builders.ts';
import { nextActionOptions } from '../../../support/builders/checkout.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { createGatewayModel, type RequestFate } from '../../../support/fakes/gateway-model.ts';
import { createCheckoutHarness } from '../../../support/harness/checkout-harness.ts';
import { createRefundHarness } from '../../../support/harness/refund-harness.ts';
import {
  buyer,
  orderId,
  paymentId,
  putTeaOrder,
  tenders,
} from '../../../support/harness/tea-order.ts';

const attempts = [1, 2, 3, 4, 5].map((attempt) => gatewayReferenceOf({ paymentId, attempt }));

const steps = ['charge', 'confirm', 'inquire', 'sweep', 'approve', 'refuse', 'wait'] as const;
type Step = (typeof steps)[number] | 'cancel';

/** Rounds of concurrent steps, what each attempt leads to, and what happens to the gateway's requests. */
const anyStory = fc.record({
  startsWithMethod: fc.boolean(),
  rounds: fc.array(
    fc.array(fc.constantFrom<Step>(...steps, 'confirm', 'charge', 'charge'), {
      minLength: 1,
      maxLength: 5,
    }),
    { minLength: 4, maxLength: 16 },
  ),
  cancelsIn: fc.option(fc.nat(15), { nil: undefined }),
  effects: fc.array(fc.constantFrom('declined' as const, 'declined' as const, 'waiting' as const), {
    minLength: 4,
    maxLength: 4,
  }),
  last: fc.constantFrom('declined' as const, 'captured' as const),
  fates: fc.array(
    fc.constantFrom<RequestFate>('answered', 'answered', 'not-sent', 'lost', 'response-lost'),
    { maxLength: 5 },
  ),
});

type Story = typeof anyStory extends fc.Arbitrary<infer T> ? T : never;

const createWorld = ({ fates, effects, last }: Story, turn: () => Promise<unknown>) => {
  const left = [...fates];
  let seconds = 0;
  const clock = { now: () => new Date(noon.getTime() + seconds * 1_000) };
  const charged: ChargeRequest[] = [];
  const model = createGatewayModel(
    () => left.shift() ?? 'answered',
    (reference) => effects[attempts.indexOf(reference)] ?? last,
  );
  const gateway: typeof model.gateway = {
    ...model.gateway,
    charge: (request) => {
      // No attempt is sent while money of another one has moved, or is not declined by a stored answer.
      const { history } = tables.items<Payment>('Payments')[0] as Payment;
      const earlier = attempts.slice(0, attempts.indexOf(request.reference));
      expect(earlier.flatMap((reference) => model.stateOf(reference).captured)).toEqual([]);
      expect(history.filter(({ from, to }) => from && to === 'REQUIRES_METHOD')).toHaveLength(
        earlier.length,
      );
      charged.push(request);

      return model.gateway.charge(request);
    },
  };
  const checkout = createCheckoutHarness({ turn, gateway, clock, inquiryClock: clock });
  const { tables, stores } = checkout;
  const refunds = createRefundHarness({ ...checkout, gateway, clock });
  putTeaOrder(tables);
  const confirm = confirmPayment({
    ...nextActionOptions,
    ...stores,
    requestInquiry: async () => true,
    clock,
    timings: timings.local,
    returnOrigins: [],
  });
  const payment = () => tables.items<Payment>('Payments')[0] as Payment;
  let keys = 0;
  const run: Readonly<Record<Step, () => unknown>> = {
    charge: () => checkout.charge(paymentId),
    confirm: () => {
      keys += 1;

      return confirm({
        ...{ buyer, paymentId, traceparent, key: `c-${keys}` },
        body: { paymentMethod: `sim_${keys}` },
      });
    },
    inquire: () => checkout.inquire(paymentId),
    sweep: () =>
      recoverPayment(
        {
          payments: stores.payments,
          review: async () => {},
          publish: async () => {},
          timings: timings.local,
        },
        clock.now(),
      )(paymentId),
    cancel: () => refunds.cancel({ buyer, paymentId, key: 'x', body: undefined, traceparent }),
    approve: () => attempts.map((reference) => model.decide(reference, 'captured')),
    refuse: () => attempts.map((reference) => model.decide(reference, 'refused')),
    wait: () => {
      seconds += 20;
    },
  };

  /** Lets every due time pass until the payment has ended. */
  const finish = async (): Promise<void> => {
    for (let round = 0; round < 40; round += 1) {
      const { status } = payment();
      if (isFinal(status)) return;
      seconds += 400;
      for (const step of ['charge', 'inquire', 'sweep'] as const)
        await Promise.resolve(run[step]()).catch(() => {});
      if (status === 'FAILED') {
        await Promise.allSettled(checkout.compensationSteps.map((step) => step({ paymentId })));
        await checkout.finish({ paymentId }, {} as Context);
      }
    }
  };

  return {
    ...{ run, finish, payment, charged, checkout },
    captured: () => attempts.flatMap((reference) => model.stateOf(reference).captured),
    balance: () => tables.items<Balance>('Balances')[0],
    stock: () => tables.items<Product>('Products')[0],
  };
};

it('makes one attempt at a time and captures at most once, in any order of events', async () => {
  const ends = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), anyStory, async (scheduler, story) => {
      const world = createWorld(story, () => scheduler.schedule(Promise.resolve()));
      const { run, finish, payment, charged, checkout } = world;
      const body = {
        ...{ orderId, balanceAmount: tenders.balance, onDecline: 'keep' as const },
        ...(story.startsWithMethod && { paymentMethod: 'sim_0' }),
      };
      await scheduler.waitFor(checkout.accept({ buyer, key: 'k', body, traceparent }));

      for (const [index, round] of story.rounds.entries()) {
        const concurrent = index === story.cancelsIn ? [...round, 'cancel' as const] : round;
        await scheduler.waitFor(Promise.allSettled(concurrent.map(async (step) => run[step]())));
      }
      await scheduler.waitFor(finish());

      const { status, attempt, failure, confirmations = [] } = payment();
      ends.add(`${status}${attempt > 1 ? ' again' : ''}: ${failure?.code ?? 'paid'}`);
      expect(world.captured()).toEqual(status === 'COMPLETED' ? [1_500] : []);
      expect(['COMPLETED', 'COMPENSATED']).toContain(status);
      expect(world.balance()).toMatchObject(
        status === 'COMPLETED' ? { available: 0, spent: 500 } : { available: 500, held: 0 },
      );
      expect(world.stock()).toMatchObject(status === 'COMPLETED' ? { sold: 2 } : { available: 2 });
      // One key an attempt, and one method a key: a charge that was not sent is repeated unchanged.
      const sent = new Set(
        charged.map(({ key, reference, paymentMethod }) => `${key} ${reference} ${paymentMethod}`),
      );
      expect(sent.size).toBe(new Set(charged.map(({ reference }) => reference)).size);
      expect(sent.size).toBeLessThanOrEqual(attempt);
      expect(attempt).toBeLessThanOrEqual(5);
      expect(confirmations.length).toBeLessThanOrEqual(5);
      expect(charged.every(({ reference }) => paymentIdOfReference(reference) === paymentId)).toBe(
        true,
      );
    }),
    { numRuns: 300 },
  );

  expect([...ends]).toEqual(
    expect.arrayContaining([
      'COMPLETED: paid',
      'COMPLETED again: paid',
      'COMPENSATED: cancelled-by-buyer',
      'COMPENSATED again: not-confirmed-in-time',
    ]),
  );
}, 120_000);
