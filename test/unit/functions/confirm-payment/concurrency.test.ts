import { describe, expect, it } from 'vitest';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { aWaitingPayment } from '../../../support/builders/waiting-payment.ts';
import { recordStates } from '../../../support/fakes/memory-idempotency-table.ts';
import { createConfirmHarness } from './harness.ts';

const approve = { paymentMethod: 'sim_approve' };
const slow = { paymentMethod: 'sim_approve_slow' };

describe('confirm payment with a repeated idempotency key', () => {
  it.each(recordStates)('returns the same response %s, whatever came next', async (_how, reach) => {
    const harness = createConfirmHarness(aWaitingPayment());
    const first = await harness.confirm();
    const confirmed = harness.stored();
    for (const moved of [
      confirmed,
      afterTransitions(confirmed, 'claimed', 'captured'),
      afterTransitions({ ...confirmed, onDecline: 'keep' }, 'claimed', 'declinedKept'),
      afterTransitions(confirmed, 'claimed', 'declined'),
    ]) {
      harness.tables.put('Payments', moved);
      reach(harness);

      expect(await harness.confirm()).toEqual({
        ...first,
        headers: { ...first.headers, 'idempotency-replayed': 'true' },
      });
      expect(harness.stored()).toEqual(moved);
    }
  });

  it.each(recordStates)('rejects another body %s', async (_how, reach) => {
    const harness = createConfirmHarness(aWaitingPayment());
    await harness.confirm();
    const confirmed = harness.stored();
    reach(harness);

    for (const body of [slow, {}, { ...approve, returnUrl: 'https://shop.example/' }]) {
      expect(await harness.confirm({ body })).toMatchObject({
        status: 422,
        body: { code: 'idempotency-key-reused' },
      });
    }
    expect(harness.stored()).toEqual(confirmed);
  });

  it('remembers the confirmation of each attempt', async () => {
    const harness = createConfirmHarness(aWaitingPayment({ onDecline: 'keep' }));
    for (const attempt of [1, 2, 3, 4, 5]) {
      await harness.confirm({ key: `k-${attempt}` });
      const claimed = afterTransitions(harness.stored(), 'claimed');
      const declined = transitionPayment(claimed, 'declinedKept', {
        at: later(60),
        by: 'test',
        change: { attempt: attempt + 1, dueAt: later(300).toISOString() },
      });
      harness.tables.put('Payments', declined);
    }
    harness.answers.forget();

    for (const attempt of [1, 2, 3, 4, 5]) {
      expect(await harness.confirm({ key: `k-${attempt}` })).toMatchObject({
        status: 202,
        headers: { 'idempotency-replayed': 'true' },
      });
    }
    expect(harness.stored()).toMatchObject({ status: 'REQUIRES_METHOD' });
  });
});

describe('concurrent confirmations', () => {
  it('of two methods, fifty in all, make one attempt with one method', async () => {
    const held: (() => void)[] = [];
    const harness = createConfirmHarness(
      aWaitingPayment(),
      () => new Promise<void>((resolve) => held.push(resolve)),
    );
    const sent = Array.from({ length: 50 }, (_, index) =>
      harness.confirm({ key: `k-${index}`, body: index % 2 === 0 ? approve : slow }),
    );
    let isOver = false;
    const all = Promise.all(sent).finally(() => {
      isOver = true;
    });
    // All read the same version before the first one writes.
    while (!isOver) {
      await new Promise(setImmediate);
      held.shift()?.();
    }
    const replies = await all;

    const won = replies.filter(({ status }) => status === 202);
    expect(won).toHaveLength(1);
    for (const reply of replies.filter(({ status }) => status !== 202))
      expect(reply).toMatchObject({ status: 409, body: { code: 'payment-not-confirmable' } });
    const winner = replies.findIndex(({ status }) => status === 202);
    expect(harness.stored()).toMatchObject({
      status: 'RESERVED',
      version: 2,
      paymentMethod: (winner % 2 === 0 ? approve : slow).paymentMethod,
    });
    expect(harness.stored().confirmations).toHaveLength(1);
    expect(harness.tables.changes).toHaveLength(1);
  });
});

describe('a confirmation that crashes', () => {
  it.each([
    ['before', 1],
    ['after', 1],
    ['before', 2],
    ['after', 2],
  ] as const)('%s its command %i is repeated with one effect', async (when, count) => {
    let sent = 0;
    const harness = createConfirmHarness(aWaitingPayment(), async () => {
      sent += 1;
      if (when === 'before' && sent === count) throw new Error('the process ended');
    });
    const { send } = harness.tables;
    harness.tables.send = async function (this: typeof harness.tables, command) {
      const answer = await send.call(this, command);
      if (when === 'after' && sent === count) throw new Error('the process ended');

      return answer;
    };

    expect(await harness.confirm()).toMatchObject({ status: 500 });
    const retried = await harness.confirm();

    expect(retried).toMatchObject({ status: 202, body: { status: 'PENDING' } });
    expect(harness.stored()).toMatchObject({ status: 'RESERVED', version: 2, ...approve });
    expect(harness.stored().confirmations).toHaveLength(1);
    expect(harness.tables.changes).toHaveLength(1);
  });

  it('after its write, without its idempotency record, is repeated with one effect', async () => {
    const harness = createConfirmHarness(aWaitingPayment());
    harness.answers.break('update');

    expect(await harness.confirm()).toMatchObject({ status: 503 });
    const confirmed = harness.stored();
    expect(confirmed).toMatchObject({ status: 'RESERVED', version: 2 });
    harness.answers.forget();

    await harness.confirm();

    expect(harness.stored()).toEqual(confirmed);
  });
});
