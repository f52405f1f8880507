import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { noon } from '../../../support/builders/builders.ts';
import { createGatewayModel, type RequestFate } from '../../../support/fakes/gateway-model.ts';
import { laterThan } from '../../../support/harness/checkout-harness.ts';
import { createPaymentHarness } from '../../../support/harness/payment-harness.ts';
import { paymentId } from '../../../support/harness/tea-order.ts';

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

/** The checkout at a gateway model. The inquirer runs after every in-flight window. */
const createHarness = ({ fates, isDeclined }: Race, turn: () => Promise<unknown>) => {
  const left = [...fates];
  const pg = createGatewayModel(
    () => left.shift() ?? 'answered',
    () => (isDeclined ? 'declined' : 'captured'),
  );
  const timers = createManualTimers(noon.getTime());
  const { end, ...harness } = createPaymentHarness({
    turn,
    timers,
    inquiryClock: laterThan(timers),
    gateway: pg.gateway,
  });

  return { ...harness, end: () => ({ ...end(), ...pg.stateOf(paymentId) }) };
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
      await scheduler.waitFor(harness.accept());

      const cancels = times(race.cancels, (index) => harness.recordCancellation(`c-${index}`));
      const others = [
        ...times(race.charges, harness.charge),
        ...times(race.inquiries, harness.inquire),
      ];
      const [cancelResults] = await scheduler.waitFor(
        Promise.all([Promise.allSettled(cancels), Promise.allSettled(others)]),
      );
      // Even if its event is lost, a cancelled payment stays due until it is refunded.
      const { status, cancelRequestedAt, dueAt } = harness.payment();
      if (status === 'COMPLETED') {
        expect(dueAt !== undefined).toBe(cancelRequestedAt !== undefined);
      }
      await scheduler.waitFor(harness.deliverAll());
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
