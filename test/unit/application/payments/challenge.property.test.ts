import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createManualTimers } from '../../../../shared/gateway/conformance/manual-timers.ts';
import { noon } from '../../../support/builders/builders.ts';
import { createGatewayModel, type RequestFate } from '../../../support/fakes/gateway-model.ts';
import { actionExpiryMs, createPaymentHarness } from '../../../support/harness/payment-harness.ts';
import { paymentId, tenders } from '../../../support/harness/tea-order.ts';

const actions = [
  'approve',
  'refuse',
  'webhook',
  'return',
  'operator',
  'message',
  'message',
  'charge',
  'cancel',
  'second',
  'expiry',
] as const;

/** Groups of concurrent actions, one after the other, and what happens to the first gateway requests. */
const anyStory = fc.record({
  groups: fc.array(fc.array(fc.constantFrom(...actions), { minLength: 1, maxLength: 3 }), {
    maxLength: 5,
  }),
  fates: fc.array(
    fc.constantFrom<RequestFate>('answered', 'answered', 'not-sent', 'lost', 'response-lost'),
    { maxLength: 6 },
  ),
  approvesLate: fc.boolean(),
});

/** The checkout at a gateway whose first requests have the given fates; later ones are answered. */
const createHarness = (turn: () => Promise<unknown>, fates: readonly RequestFate[] = []) => {
  const left = [...fates];
  const pg = createGatewayModel(
    () => left.shift() ?? 'answered',
    () => 'waiting',
  );
  const timers = createManualTimers(noon.getTime());
  const { end, ...harness } = createPaymentHarness({ turn, timers, gateway: pg.gateway });

  return { ...harness, pg, end: () => ({ ...end(), ...pg.stateOf(paymentId) }) };
};

type Harness = ReturnType<typeof createHarness>;

const act = async (
  { pg, request, inquire, charge, cancel, pass }: Harness,
  action: (typeof actions)[number],
  key: string,
): Promise<unknown> => {
  switch (action) {
    case 'approve':
      return pg.decide(paymentId, 'captured');
    case 'refuse':
      return pg.decide(paymentId, 'refused');
    case 'webhook':
    case 'operator':
      return request(action);
    case 'return':
      return request('buyer');
    case 'message':
      return inquire();
    case 'charge':
      return charge();
    case 'cancel':
      return cancel(key);
    case 'second':
      return pass(10_000);
    case 'expiry':
      return pass(actionExpiryMs);
  }
};

const all = tenders.balance + tenders.gateway;
const released = { order: 'CANCELLED', available: tenders.balance, stock: 2 };
const ends = {
  paid: {
    payment: 'COMPLETED',
    ...{ order: 'COMPLETED', available: 0, stock: 0 },
    ...{ captured: [tenders.gateway], refunded: [] },
  },
  refunded: {
    payment: 'COMPLETED',
    ...{ order: 'REFUNDED', available: tenders.balance, stock: 2 },
    ...{ captured: [tenders.gateway], refunded: [tenders.gateway] },
  },
  released: { payment: 'COMPENSATED', ...released, captured: [], refunded: [] },
  reversed: {
    payment: 'REVERSED',
    ...released,
    ...{ captured: [tenders.gateway], refunded: [tenders.gateway] },
  },
};

/** Nothing is captured twice, and nothing that stays captured is given back. */
const expectConsistentEnd = ({ payment, end }: Harness): keyof typeof ends => {
  const { status, cancelRequestedAt } = payment();
  const kind =
    status === 'COMPLETED'
      ? cancelRequestedAt === undefined
        ? 'paid'
        : 'refunded'
      : status === 'REVERSED'
        ? 'reversed'
        : 'released';
  expect(end()).toEqual(ends[kind]);
  expect(payment()).toMatchObject({ amount: all });
  expect(payment()).not.toHaveProperty('action');
  expect(payment()).not.toHaveProperty('dueAt');

  return kind;
};

it('ends paid, or with everything given back, in any order of buyer, gateway and time', async () => {
  const outcomes = new Set<string>();

  await fc.assert(
    fc.asyncProperty(fc.scheduler(), anyStory, async (scheduler, story) => {
      const { fates, groups, approvesLate } = story;
      const turn = () => scheduler.schedule(Promise.resolve());
      const harness = createHarness(turn, fates);
      await scheduler.waitFor(harness.accept());
      await scheduler.waitFor(harness.charge().catch(() => {}));

      for (const [group, concurrent] of groups.entries()) {
        const work = concurrent.map((action, index) => act(harness, action, `${group}-${index}`));
        await scheduler.waitFor(Promise.allSettled(work));
      }
      let isLateDone = !approvesLate;
      await scheduler.waitFor(
        harness.deliverAll(() => {
          if (isLateDone || harness.payment().status !== 'FAILED') return;
          isLateDone = true;
          harness.pg.approveLate(paymentId);
        }),
      );

      const kind = expectConsistentEnd(harness);
      outcomes.add(`${kind}: ${harness.payment().failure?.code ?? 'none'}`);
    }),
    { numRuns: 400 },
  );

  expect([...outcomes]).toEqual(
    expect.arrayContaining([
      'paid: none',
      'refunded: none',
      'released: authentication-expired',
      'released: cancelled-by-buyer',
      'released: insufficient-funds',
      'reversed: authentication-expired',
    ]),
  );
}, 60_000);

/** Stories of a buyer whose payment waits; each ends in an inquiry. */
const stories: Readonly<Record<string, (harness: Harness) => Promise<unknown>>> = {
  'abandoned: its time is over': async ({ pass, inquire }) => {
    pass(actionExpiryMs);
    await inquire();
  },
  'abandoned and approved late': async ({ pg, pass, inquire }) => {
    pass(actionExpiryMs);
    await inquire().finally(() => pg.approveLate(paymentId));
  },
  'approved, and the gateway sends a webhook': async ({ pg, request }) => {
    pg.decide(paymentId, 'captured');
    await request('webhook');
  },
  'refused, and the buyer is back': async ({ pg, request }) => {
    pg.decide(paymentId, 'refused');
    await request('buyer');
  },
  'approved at the last moment': async ({ pg, pass, inquire }) => {
    pass(actionExpiryMs);
    pg.decide(paymentId, 'captured');
    await inquire();
  },
  'cancelled by the buyer': ({ cancel }) => cancel('c'),
  'approved and cancelled by the buyer': async ({ pg, cancel }) => {
    pg.decide(paymentId, 'captured');
    await cancel('c');
  },
};

class CrashError extends Error {}

/** The harness after one story whose process ends at its nth await; false if it has fewer. */
const runUntilCrash = async (story: (harness: Harness) => Promise<unknown>, crashAt: number) => {
  let left = Number.POSITIVE_INFINITY;
  const turn = async () => {
    left -= 1;
    // Nothing of the process goes on after that.
    if (left < 0) throw new CrashError('the process ended');
  };
  const harness = createHarness(turn);
  await harness.accept();
  await harness.charge();
  left = crashAt;
  await story(harness).catch(() => {});
  const hasCrashed = left < 0;
  left = Number.POSITIVE_INFINITY;

  return { harness, hasCrashed };
};

it.each(Object.entries(stories))('survives a crash at each await: %s', async (_name, story) => {
  for (let crashAt = 0; ; crashAt += 1) {
    const { harness, hasCrashed } = await runUntilCrash(story, crashAt);
    await harness.deliverAll();
    expectConsistentEnd(harness);
    if (!hasCrashed) {
      expect(crashAt).toBeGreaterThan(3);

      return;
    }
  }
});
