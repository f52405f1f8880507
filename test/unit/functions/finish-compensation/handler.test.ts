import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keyOf, type Move } from '../../../../functions/finish-compensation/handler.ts';
import { once } from '../../../../shared/lambda/idempotency.ts';
import { moved } from '../../../support/builders/payment-history.ts';
import { answerRecords } from '../../../support/fakes/memory-idempotency-table.ts';
import { aCompensation, refusedPayment, usualPayment } from '../compensation-harness.ts';

const answers = answerRecords();

beforeEach(() => answers.forget());

describe('finish-compensation', () => {
  it('ends a payment whose every target has its record', async () => {
    const failed = aCompensation();
    await failed.undoAll();

    expect(await failed.finish()).toEqual({
      outcome: 'finished',
      status: 'COMPENSATED',
      missing: [],
    });
    expect(failed.payment()).toMatchObject({ status: 'COMPENSATED', version: 4 });
  });

  it('ends a refused payment by the records that nothing was reserved', async () => {
    const refused = aCompensation(refusedPayment());
    await refused.undoAll();

    expect(await refused.finish()).toMatchObject({ status: 'COMPENSATED', missing: [] });
  });

  it('opens a review that names what is missing, and keeps what the payment failed for', async () => {
    const failed = aCompensation();
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

  it('ends the review when a second run has done what was missing', async () => {
    const failed = aCompensation();
    await failed.balance();
    await failed.finish();

    const stillMissing = await failed.finish();
    await failed.undoAll();
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

  it('changes nothing of a payment that is COMPENSATED already', async () => {
    const failed = aCompensation();
    await failed.undoAll();
    await failed.finish();
    const before = failed.payment();

    expect(await failed.finish()).toEqual({
      outcome: 'unchanged',
      status: 'COMPENSATED',
      missing: [],
    });
    expect(failed.payment()).toEqual(before);
  });

  it('reads again where another run was faster, and agrees with it', async () => {
    const failed = aCompensation();
    await failed.undoAll();
    const faster = vi.fn(async ({ before, after }: Move) => {
      failed.tables.put('Payments', moved(before, 'compensated'));

      return { value: await failed.stores.payments.moved(before, after) };
    });

    expect(await failed.finish(faster)).toMatchObject({
      outcome: 'unchanged',
      status: 'COMPENSATED',
    });
    expect(faster).toHaveBeenCalledOnce();
    expect(failed.payment().version).toBe(4);
  });

  it('gives up for now on a payment that never stands still', async () => {
    const failed = aCompensation();

    await expect(failed.finish(async () => ({ value: false }))).rejects.toThrow('kept moving');
  });

  it('never ends a payment that may be captured', async () => {
    const unknown = aCompensation({ payment: usualPayment('claimed', 'outcomeUnknown') });

    await expect(unknown.finish()).rejects.toThrow('nothing of it may be given back');
    expect(unknown.payment().status).toBe('UNKNOWN');
  });

  it('finishes a second run although the answers of the first are kept', async () => {
    const failed = aCompensation();
    const moveOnce = once(
      { table: 'Idempotency', name: 'finish-compensation', keyOf },
      ({ before, after }: Move) => failed.stores.payments.moved(before, after),
    );

    const first = await failed.finish(moveOnce);
    const again = await failed.finish(moveOnce);
    await failed.undoAll();
    const second = await failed.finish(moveOnce);

    expect([first, again, second].map(({ status }) => status)).toEqual([
      'IN_REVIEW',
      'IN_REVIEW',
      'COMPENSATED',
    ]);
    expect(answers.stored()).toHaveLength(2);
  });
});
