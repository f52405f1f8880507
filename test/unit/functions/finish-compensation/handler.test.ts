import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type CompensationTransition,
  transitionKeyOf,
} from '../../../../functions/finish-compensation/handler.ts';
import { idempotent } from '../../../../shared/lambda/idempotency.ts';
import { applyTransition } from '../../../support/builders/payment-history.ts';
import { createMemoryIdempotencyTable } from '../../../support/fakes/memory-idempotency-table.ts';
import {
  createCompensationHarness,
  fixturePayment,
  rejectedPayment,
} from '../compensation-harness.ts';

const answers = createMemoryIdempotencyTable();

beforeEach(() => answers.forget());

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

  it('ends a review that another run opened first, although the conflict is cached', async () => {
    const failed = createCompensationHarness();
    await failed.compensateAll();
    const transitionOnce = idempotent(
      { ...answers.store, name: 'finish-compensation', keyOf: transitionKeyOf },
      ({ before, after }: CompensationTransition) => {
        if (before.status === 'FAILED')
          failed.tables.put('Payments', applyTransition(before, 'reviewOpened'));

        return failed.stores.payments.tryUpdate(before, after);
      },
    );

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

  it("finishes a second run although the first run's results are cached", async () => {
    const failed = createCompensationHarness();
    const transitionOnce = idempotent(
      { ...answers.store, name: 'finish-compensation', keyOf: transitionKeyOf },
      ({ before, after }: CompensationTransition) =>
        failed.stores.payments.tryUpdate(before, after),
    );

    const first = await failed.finish(transitionOnce);
    const again = await failed.finish(transitionOnce);
    await failed.compensateAll();
    const second = await failed.finish(transitionOnce);

    expect([first, again, second].map(({ status }) => status)).toEqual([
      'IN_REVIEW',
      'IN_REVIEW',
      'COMPENSATED',
    ]);
    expect(answers.stored()).toHaveLength(2);
  });
});
