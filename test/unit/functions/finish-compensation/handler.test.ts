import { describe, expect, it, vi } from 'vitest';
import {
  type CompensationTransition,
  findTransition,
  transitionKeyOf,
} from '../../../../functions/finish-compensation/handler.ts';
import { idempotentByMarker } from '../../../../shared/lambda/marker-idempotency.ts';
import { applyTransition } from '../../../support/builders/payment-history.ts';
import {
  createCompensationHarness,
  fixturePayment,
  rejectedPayment,
} from '../compensation-harness.ts';

/** The transition as `compose` wires it, with what happens before its write. */
const transitionOf = (
  { stores }: ReturnType<typeof createCompensationHarness>,
  beforeWrite: (transition: CompensationTransition) => void = () => {},
) =>
  idempotentByMarker(
    {
      name: 'finish-compensation',
      keyOf: transitionKeyOf,
      hasFailedCondition: (isWritten) => !isWritten,
      findResult: findTransition(stores),
    },
    (transition: CompensationTransition) => {
      beforeWrite(transition);

      return stores.payments.tryUpdate(transition.before, transition.after);
    },
  );

describe('finish compensation', () => {
  it('ends a payment when every target has its record', async () => {
    const failed = createCompensationHarness();
    await failed.compensateAll();

    expect(await failed.finish()).toEqual({
      outcome: 'finished',
      status: 'COMPENSATED',
      missing: [],
    });
    expect(failed.payment()).toMatchObject({ status: 'COMPENSATED', version: 4 });
  });

  it('ends a rejected payment when its records show that nothing was reserved', async () => {
    const refused = createCompensationHarness(rejectedPayment());
    await refused.compensateAll();

    expect(await refused.finish()).toMatchObject({ status: 'COMPENSATED', missing: [] });
  });

  it('opens a review that names the missing targets and keeps the failure', async () => {
    const failed = createCompensationHarness();
    await failed.balance();

    const { status, missing } = await failed.finish();

    expect({ status, missing }).toEqual({
      status: 'IN_REVIEW',
      missing: ['STOCK#tea', 'STOCK#cup', 'ORDER#ord_1', 'COUPON#c'],
    });
    expect(failed.payment()).toMatchObject({
      status: 'IN_REVIEW',
      failure: { code: 'declined', evidence: expect.stringContaining('STOCK#cup, ORDER#ord_1') },
    });
  });

  it('ends the review when a second run has restored the missing targets', async () => {
    const failed = createCompensationHarness();
    await failed.balance();
    await failed.finish();

    const stillMissing = await failed.finish();
    await failed.compensateAll();
    const done = await failed.finish();

    expect(stillMissing).toMatchObject({ outcome: 'unchanged', status: 'IN_REVIEW' });
    expect(done).toEqual({ outcome: 'finished', status: 'COMPENSATED', missing: [] });
    expect(
      failed
        .payment()
        .history.map(({ to }) => to)
        .slice(-2),
    ).toEqual(['IN_REVIEW', 'COMPENSATED']);
  });

  it('changes nothing of a payment that is already COMPENSATED', async () => {
    const failed = createCompensationHarness();
    await failed.compensateAll();
    await failed.finish();
    const before = failed.payment();

    expect(await failed.finish()).toEqual({
      outcome: 'unchanged',
      status: 'COMPENSATED',
      missing: [],
    });
    expect(failed.payment()).toEqual(before);
  });

  it('reads again after a version conflict and agrees with the other run', async () => {
    const failed = createCompensationHarness();
    await failed.compensateAll();
    const otherRun = vi.fn(async ({ before, after }: CompensationTransition) => {
      failed.tables.put('Payments', applyTransition(before, 'compensated'));

      return { value: await failed.stores.payments.tryUpdate(before, after) };
    });

    expect(await failed.finish(otherRun)).toMatchObject({
      outcome: 'unchanged',
      status: 'COMPENSATED',
    });
    expect(otherRun).toHaveBeenCalledOnce();
    expect(failed.payment().version).toBe(4);
  });

  it('ends a review that another run opened first', async () => {
    const failed = createCompensationHarness();
    await failed.compensateAll();
    const transitionOnce = transitionOf(failed, ({ before }) => {
      if (before.status === 'FAILED')
        failed.tables.put('Payments', applyTransition(before, 'reviewOpened'));
    });

    expect(await failed.finish(transitionOnce)).toMatchObject({
      outcome: 'finished',
      status: 'COMPENSATED',
    });
  });

  it('fails after the last version conflict', async () => {
    const failed = createCompensationHarness();

    await expect(failed.finish(async () => ({ value: false }))).rejects.toThrow(
      'version conflict on each of 4 attempts',
    );
  });

  it('does not end a payment that may be captured', async () => {
    const unknown = createCompensationHarness({
      payment: fixturePayment('claimed', 'outcomeUnknown'),
    });

    await expect(unknown.finish()).rejects.toThrow('must not be compensated');
    expect(unknown.payment().status).toBe('UNKNOWN');
  });

  it('answers a run whose transition another run has written from the payment', async () => {
    const failed = createCompensationHarness();
    await failed.compensateAll();
    const transitionOnce = transitionOf(failed, ({ after }) =>
      failed.tables.put('Payments', after),
    );

    expect(await failed.finish(transitionOnce)).toEqual({
      outcome: 'finished',
      status: 'COMPENSATED',
      missing: [],
    });
    expect(failed.payment().version).toBe(4);
  });

  it('finishes a second run after the first one', async () => {
    const failed = createCompensationHarness();
    const transitionOnce = transitionOf(failed);

    const first = await failed.finish(transitionOnce);
    const again = await failed.finish(transitionOnce);
    await failed.compensateAll();
    const second = await failed.finish(transitionOnce);

    expect([first, again, second].map(({ status }) => status)).toEqual([
      'IN_REVIEW',
      'IN_REVIEW',
      'COMPENSATED',
    ]);
  });
});
