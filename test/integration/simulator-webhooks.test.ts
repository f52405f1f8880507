import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { api } from '../support/stack/api-client.ts';
import { pg } from '../support/stack/external-systems.ts';
import { movesOf, storedPayment } from '../support/stack/repositories.ts';
import { anOrder, books, orderOf } from '../support/stack/stack-fixtures.ts';
import { reaches } from '../support/stack/wait-for-status.ts';

/** What the PG told of a payment, once all of that was taken. */
const allTaken = (paymentId: string, webhooks: number) =>
  eventually(async () => {
    const told = await pg.told(paymentId);
    expect(told).toHaveLength(webhooks);
    for (const { tries } of told) expect(tries.at(-1)).toBe('taken');

    return told;
  });

describe.concurrent('a PG that tells by webhook', () => {
  it.each([
    ['sim_approve', ['charge.done']],
    ['sim_webhook_twice', ['charge.done', 'charge.done']],
    ['sim_webhook_late', ['charge.done']],
    ['sim_webhook_out_of_order', ['charge.done', 'charge.aborted']],
    ['sim_in_progress', ['charge.done']],
  ])('of a %s by %j has it completed, with one capture', async (paymentMethod, types) => {
    const order = await anOrder();

    const { paymentId } = await api.accepted(order, { paymentMethod });
    const completed = await reaches(paymentId, 'COMPLETED');
    const told = await allTaken(paymentId, types.length);

    expect(told.map(({ type }) => type)).toEqual(types);
    expect(movesOf(await storedPayment(paymentId))).toEqual(movesOf(completed));
    expect(await pg.of(paymentId)).toMatchObject({ counts: { requests: 1, charges: 1 } });
    expect(await books.of(order.buyer)).toMatchObject({ held: 0, spent: order.total });
  });

  it('of a refusal has nothing done that was not done already', async () => {
    const order = await anOrder();

    const { paymentId } = await api.accepted(order, { paymentMethod: 'sim_decline' });
    await reaches(paymentId, 'COMPENSATED');
    const told = await allTaken(paymentId, 1);

    expect(told).toMatchObject([{ type: 'charge.aborted' }]);
    expect(await storedPayment(paymentId)).toMatchObject({
      status: 'COMPENSATED',
      failure: { code: 'insufficient_funds' },
    });
    expect(await books.of(order.buyer)).toMatchObject({ available: 10_000, held: 0, spent: 0 });
  });

  it('alone of a capture that it had refused has it given back once', async () => {
    const order = await anOrder();

    const { paymentId } = await api.accepted(order, { paymentMethod: 'sim_decline_late_approve' });
    const reversed = await reaches(paymentId, 'REVERSED');

    expect(reversed.history.map(({ to }) => to)).toEqual([
      'RESERVED',
      'CHARGING',
      'FAILED',
      'COMPENSATED',
      'LATE_CAPTURED',
      'REVERSED',
    ]);
    expect(await pg.of(paymentId)).toMatchObject({
      counts: { requests: 1, charges: 1, refunds: 1 },
      refunds: [{ amount: order.total }],
    });
    expect(await books.of(order.buyer)).toMatchObject({ available: 10_000, held: 0, spent: 0 });
    expect(await orderOf(order.orderId)).toMatchObject({ status: 'CANCELLED' });
  });
});
