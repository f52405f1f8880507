import { describe, expect, it } from 'vitest';
import { getTimeline } from '../../../../functions/get-timeline/handler.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { httpHandler } from '../../../../shared/http/http-handler.ts';
import { createRefundRepository } from '../../../../shared/persistence/refund-repository.ts';
import { aPaidOrder, aRefund } from '../../../support/builders/refund-generators.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { call } from '../../../support/harness/invoke-handler.ts';
import { createCompensationHarness } from '../compensation-harness.ts';

/** GET /payments/{paymentId}/timeline over a failed and compensated payment of Alice and these refunds. */
const reading = async (...stored: readonly Refund[]) => {
  const failed = createCompensationHarness();
  await failed.stock();
  await failed.balance();
  await failed.order();
  await failed.finish();
  const tables = new MemoryDynamo({ Refunds: ['refundId'] });
  for (const refund of stored) tables.put('Refunds', refund);
  const refunds = createRefundRepository(tables.client, 'Refunds');
  const handler = httpHandler(getTimeline({ ...failed.stores, refunds, timings: timings.local }));

  return (buyer: string, paymentId: string) =>
    call(handler, { method: 'GET', path: `/payments/${paymentId}/timeline`, buyer });
};

describe('get timeline', () => {
  it("returns the entries of the buyer's own payment", async () => {
    const read = await reading();

    const { status, body } = await read('alice', 'pay_1');

    expect(status).toBe(200);
    expect(body.entries.map(({ kind, detail }: Record<string, string>) => [kind, detail])).toEqual([
      ['accept', 'accept committed: 2000 KRW from the balance, 3000 KRW by the gateway'],
      ['event', 'PaymentReserved'],
      ['claim', 'the charger claims'],
      ['charge', 'failed: card-declined'],
      ['event', 'PaymentFailed'],
      ['compensation', 'BALANCE#alice restored (2000)'],
      ['compensation', 'COUPON#c restored'],
      ['compensation', 'ORDER#ord_1 cancelled'],
      ['compensation', 'STOCK#cup restored (1)'],
      ['compensation', 'STOCK#tea restored (2)'],
      ['transition', 'every target restored and recorded'],
      ['event', 'PaymentCompensated'],
    ]);
    expect(body.entries[0]).toMatchObject({ sinceAcceptMs: 0, kind: 'accept', to: 'RESERVED' });
    expect(body.pendingActions).toEqual([]);
  });

  it('shows the refunds of this payment only', async () => {
    const refund = aRefund(aPaidOrder(), { amount: 1 }, 'rfd_1').refund;
    const read = await reading({ ...refund, paymentId: 'pay_1' }, { ...refund, refundId: 'rfd_2' });

    const { body } = await read('alice', 'pay_1');

    expect(body.entries.filter(({ kind }: { kind: string }) => kind === 'refund')).toMatchObject([
      { to: 'REQUESTED', detail: expect.stringContaining('rfd_1 of 1 KRW') },
    ]);
    expect(body.pendingActions).toEqual([
      {
        at: expect.any(String),
        detail: expect.stringMatching(/^rfd_1: the gateway refunds it; attempt 1/),
      },
    ]);
  });

  it("answers another buyer's payment like a missing one", async () => {
    const read = await reading();

    const anothers = await read('bob', 'pay_1');
    const missing = await read('bob', 'pay_2');

    expect(anothers).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    expect(JSON.parse(JSON.stringify(anothers).replaceAll('pay_1', 'pay_2'))).toEqual(missing);
  });

  it('leaves out a refund that cannot be read and shows the rest', async () => {
    const { refund } = aRefund(aPaidOrder({ userId: 'alice' }), { amount: 100 });
    const mine = { ...refund, paymentId: 'pay_1' };
    const bent = { ...mine, refundId: 'rfd_bent', history: undefined } as unknown as Refund;
    const whole = await (await reading(mine))('alice', 'pay_1');
    const read = await reading(mine, bent);

    expect(await read('alice', 'pay_1')).toEqual(whole);
  });
});
