import { describe, expect, it } from 'vitest';
import { listen } from '../../../../dev/local/http-server.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createTossGateway } from '../../../../shared/gateway/toss/adapter.ts';
import { idempotencyTtlMs } from '../../../support/fakes/toss/server.ts';
import { at, createTossHarness, key, order, secretKey, timeoutMs } from './harness.ts';

describe('Toss adapter: refunds', () => {
  it('refunds twice for two keys of one amount, once for a repeated key', async () => {
    const { gateway, paymentMethod, toss } = await createTossHarness();
    await gateway.charge({ ...order, key, paymentMethod });

    const first = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });
    const second = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:2' });
    const again = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });

    expect(second).not.toEqual(first);
    expect(again).toEqual(first);
    expect(toss.stateOf('pay-01').refunded).toEqual([1_000, 1_000]);
  });

  it('refunds once after the key has expired', async () => {
    const { gateway, paymentMethod, timers, toss } = await createTossHarness();
    await gateway.charge({ ...order, key, paymentMethod });
    const first = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });
    timers.advance(idempotencyTtlMs);

    const again = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });

    expect(again).toEqual(first);
    expect(toss.stateOf('pay-01').refunded).toEqual([1_000]);
  });

  it.each([
    ['DONE', 'refunded'],
    [undefined, 'refunded'],
    ['IN_PROGRESS', 'in-progress'],
    ['ABORTED', 'declined'],
    ['ON_THE_MOON', 'ambiguous'],
  ])('maps a refund with status %s to %s', async (cancelStatus, outcome) => {
    const { gateway, paymentMethod, toss } = await createTossHarness();
    const cancel = { transactionKey: 'tx-1', cancelAmount: 4_000, cancelReason: 'refund rfd:1' };
    const cancels = [{ ...cancel, canceledAt: at, ...(cancelStatus && { cancelStatus }) }];
    toss.set(paymentMethod, { status: 'CANCELED', approvedAt: at, cancels });

    expect(await gateway.inquireRefund({ ...order, key: 'rfd:1' })).toMatchObject({ outcome });
    expect(await gateway.refund({ ...order, key: 'rfd:1' })).toMatchObject({ outcome });
    expect(toss.stateOf('pay-01').refundRequests).toBe(0);
  });

  it('finds the refund that succeeded after an aborted one with its key', async () => {
    const { gateway, paymentMethod, toss } = await createTossHarness();
    const cancel = { cancelAmount: 4_000, cancelReason: 'refund rfd:1', canceledAt: at };
    const cancels = [
      { ...cancel, transactionKey: 'tx-1', cancelStatus: 'ABORTED' },
      { ...cancel, transactionKey: 'tx-2', cancelStatus: 'DONE' },
    ];
    toss.set(paymentMethod, { status: 'CANCELED', approvedAt: at, cancels });

    expect(await gateway.inquireRefund({ ...order, key: 'rfd:1' })).toMatchObject({
      outcome: 'refunded',
      refundId: 'tx-2',
    });
  });

  it('shares one deadline between the lookup and the refund', async () => {
    const { gateway, paymentMethod, timers, toss } = await createTossHarness();
    await gateway.charge({ ...order, key, paymentMethod });
    const slow = await listen(
      async (request) => {
        if (request.method === 'GET') timers.advance(timeoutMs - 1);
        else timers.advance(1);

        return toss.server(request);
      },
      { timers },
    );

    const outcome = await createTossGateway({
      url: slow.url,
      secretKey,
      timeoutMs,
      timers,
      exchange: sendHttp,
    }).refund({
      ...order,
      key: 'rfd:1',
    });

    expect(outcome).toMatchObject({ outcome: 'ambiguous' });
    await slow.close();
  });
});
