import { describe, expect, it } from 'vitest';
import { getTimeline } from '../../../functions/get-timeline/handler.ts';
import { httpHandler } from '../../../shared/http/boundary.ts';
import { aCompensation } from '../compensation/bench.ts';
import { call } from '../http/call.ts';

/** GET /payments/{paymentId}/timeline over a payment of Alice that failed and was undone. */
const reading = async () => {
  const failed = aCompensation();
  await failed.stock();
  await failed.balance();
  await failed.order();
  await failed.finish();
  const handler = httpHandler(getTimeline(failed.stores));

  return (buyer: string, paymentId: string) =>
    call(handler, { method: 'GET', path: `/payments/${paymentId}/timeline`, buyer });
};

describe('get-timeline', () => {
  it('tells a buyer all that happened to their payment', async () => {
    const read = await reading();

    const { status, body } = await read('alice', 'pay_1');

    expect(status).toBe(200);
    expect(body.entries.map(({ kind, detail }: Record<string, string>) => [kind, detail])).toEqual([
      ['accept', 'accept committed'],
      ['event', 'PaymentReserved'],
      ['claim', 'the charger claims'],
      ['charge', 'conclusive refusal, evidence stored'],
      ['event', 'PaymentFailed'],
      ['compensation', 'STOCK#tea restored (2)'],
      ['compensation', 'STOCK#cup restored (1)'],
      ['compensation', 'BALANCE#alice restored (5000)'],
      ['compensation', 'ORDER#ord_1 cancelled'],
      ['compensation', 'COUPON#c restored'],
      ['state', 'every step recorded'],
      ['event', 'PaymentCompensated'],
    ]);
    expect(body.entries[0]).toMatchObject({ sinceAcceptMs: 0, kind: 'accept', to: 'RESERVED' });
  });

  it("answers to another buyer's payment as to a missing one", async () => {
    const read = await reading();

    const anothers = await read('bob', 'pay_1');
    const missing = await read('bob', 'pay_2');

    expect(anothers).toMatchObject({ status: 404, body: { code: 'payment-not-found' } });
    expect(JSON.parse(JSON.stringify(anothers).replaceAll('pay_1', 'pay_2'))).toEqual(missing);
  });
});
