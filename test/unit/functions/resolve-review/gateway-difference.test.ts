import { describe, expect, it } from 'vitest';
import { createRecordExternalRefund } from '../../../../shared/application/refunds/settle-refund.ts';
import type { Refund } from '../../../../shared/domain/refunds/refund.ts';
import { createExternalRefund } from '../../../../shared/domain/refunds/refund-settlement.ts';
import { aRefund, refundSuccess } from '../../../support/builders/refund-generators.ts';
import { anEndedPayment } from '../difference-harness.ts';

describe('resolve gateway difference', () => {
  const refundedThere = async () => {
    const ended = anEndedPayment();
    ended.holds(5_000, 2_000);
    await ended.compare();

    return ended;
  };

  it('accepts a difference without a change and does not review it again', async () => {
    const { compare, resolve, get, stored, id, reviews } = await refundedThere();
    const before = stored();
    expect((await get(id(1))).body).toMatchObject({
      kind: 'gateway-difference',
      decisions: ['completed', 'reversed'],
      difference: { amount: -2_000 },
    });

    expect(await resolve(id(1), 'completed')).toMatchObject({ status: 200 });

    expect(stored()).toEqual(before);
    expect(await compare()).toBe('known-difference');
    expect(reviews()).toHaveLength(1);
  });

  it('records an external refund without a gateway call, and both agree', async () => {
    const { compare, resolve, stored, tables, id } = await refundedThere();

    expect(await resolve(id(1), 'reversed')).toMatchObject({ status: 200 });
    expect(await resolve(id(1), 'reversed')).toMatchObject({ status: 200 });

    expect(tables.items<Refund>('Refunds')).toMatchObject([
      { status: 'SUCCEEDED', version: 1, lines: [], remainingAmount: 5_000 },
    ]);
    expect(tables.items<Refund>('Refunds')).toMatchObject([
      { amount: 2_000, gatewayAmount: 2_000 },
    ]);
    expect(stored()).toMatchObject({ status: 'COMPLETED', refunded: 2_000, refundPending: 0 });
    expect(stored()).toMatchObject({ gatewayRefunded: 2_000 });
    expect(tables.items('Balances')).toMatchObject([{ available: 0, spent: 2_000 }]);
    expect(tables.items('Orders')).toMatchObject([{ status: 'PARTIALLY_REFUNDED' }]);
    expect(await compare()).toBe('consistent');
  });

  it('records it for the pseudonym of a buyer who was erased after the review was opened', async () => {
    const { resolve, stored, put, tables, id } = await refundedThere();
    put({ ...stored(), userId: 'erased_1' });

    expect(await resolve(id(1), 'reversed')).toMatchObject({ status: 200 });

    expect(tables.items<Refund>('Refunds')).toMatchObject([
      { userId: 'erased_1', status: 'SUCCEEDED' },
    ]);
  });

  it("records nothing that a refund has reserved of the gateway's part since", async () => {
    const { get, id, stored, stores, put, paid, tables } = await refundedThere();
    const { paymentId, orderId, userId, currency } = stored();
    const own = { refundId: 'rfd_gateway', requestHash: 'hash', reason: 'at the dashboard' };
    const refund = createExternalRefund(
      { ...own, paymentId, orderId, userId, currency, amount: 2_000, lines: [] },
      refundSuccess,
    );
    put(aRefund(paid, { amount: 4_000 }).payment);
    expect((await get(id(1))).body).toMatchObject({ decisions: ['completed'] });

    expect(await createRecordExternalRefund(stores)(refund, refundSuccess)).toBe(
      'version-conflict',
    );

    expect(stored()).toMatchObject({ refunded: 0, refundPending: 4_000 });
    expect(tables.items('Refunds')).toEqual([]);
  });

  it('rejects recording if the gateway has changed or does not answer', async () => {
    const { resolve, holds, gateway, stored, id } = await refundedThere();
    holds(5_000, 0);

    expect(await resolve(id(1), 'reversed')).toMatchObject({
      status: 409,
      body: { code: 'decision-not-allowed' },
    });
    gateway.says({ inquire: { outcome: 'ambiguous', reason: 'timeout' } });
    expect(await resolve(id(1), 'reversed')).toMatchObject({ status: 503 });

    expect(stored()).toMatchObject({ refunded: 0 });
  });

  it('allows only acceptance if the gateway holds more than the ledger', async () => {
    const { compare, holds, get, resolve, id } = anEndedPayment();
    holds(5_001, 0);
    await compare();

    expect((await get(id(1))).body).toMatchObject({ decisions: ['completed'] });
    expect(await resolve(id(1), 'reversed')).toMatchObject({ status: 409 });
  });
});
