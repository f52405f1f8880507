import { describe, expect, it } from 'vitest';
import { listen } from '../../../../dev/local/http-server.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createTossGateway } from '../../../../shared/gateway/toss/adapter.ts';
import { jsonReply } from '../../../../shared/simulators/plain-http.ts';
import { expiresAfterMs } from '../../../support/fakes/toss/payments.ts';
import { createTossHarness, key, order, secretKey, timeoutMs } from './harness.ts';

const first = { reference: 'pay-of-alice', amount: 12_000, currency: 'KRW' };

describe('Toss adapter: several windows of one order', () => {
  it('finds the payment of our paymentKey behind an older one that expired', async () => {
    const { gateway, payInWindow, timers } = await createTossHarness();
    payInWindow(first);
    timers.advance(expiresAfterMs);
    const charge = { ...first, key, paymentMethod: payInWindow(first) };
    await gateway.charge(charge);
    const refund = { ...first, key: 'rfd:1', transactionId: charge.paymentMethod };

    expect(await gateway.inquire(charge)).toMatchObject({ outcome: 'approved' });
    expect(await gateway.cancel(charge)).toMatchObject({ outcome: 'already-captured' });
    expect(await gateway.refund(refund)).toMatchObject({ outcome: 'refunded' });
    expect(await gateway.inquireRefund(refund)).toMatchObject({ outcome: 'refunded' });
  });

  it('finds the capture of another window although ours has none', async () => {
    const { gateway, paymentMethod, payInWindow } = await createTossHarness();
    await gateway.charge({ ...order, key, paymentMethod });

    expect(await gateway.inquire({ ...order, paymentMethod: payInWindow() })).toMatchObject({
      outcome: 'approved',
      transactionId: paymentMethod,
    });
  });

  it('keeps the payment of the order if the paymentKey is of another order or unknown', async () => {
    const { gateway, paymentMethod: ofOther, payInWindow, timers } = await createTossHarness();
    payInWindow(first);
    timers.advance(expiresAfterMs);

    for (const paymentMethod of [ofOther, 'tgen_invented'])
      expect(await gateway.inquire({ ...first, paymentMethod })).toMatchObject({
        outcome: 'declined',
        code: 'EXPIRED',
      });
  });

  it('is ambiguous if the payment of our paymentKey cannot be read', async () => {
    const { payInWindow, timers, toss } = await createTossHarness();
    payInWindow(first);
    timers.advance(expiresAfterMs);
    const paymentMethod = payInWindow(first);
    const broken = await listen(
      async (request) =>
        request.path.endsWith(paymentMethod) ? jsonReply(500, {}) : toss.server(request),
      { timers },
    );
    const gateway = createTossGateway({
      url: broken.url,
      secretKey,
      timeoutMs,
      timers,
      exchange: sendHttp,
    });

    expect(await gateway.inquire({ ...first, paymentMethod })).toMatchObject({
      outcome: 'ambiguous',
    });
    await broken.close();
  });

  it('waits for our paymentKey if the page opened another window with another amount', async () => {
    const { gateway, payInWindow } = await createTossHarness();
    payInWindow({ ...first, amount: 100 });

    for (const paymentMethod of [payInWindow(first), 'tgen_invented', undefined])
      expect(await gateway.inquire({ ...first, ...(paymentMethod && { paymentMethod }) })).toEqual({
        outcome: 'in-progress',
      });
  });

  it('does not decline a payment that waits for a deposit of another amount', async () => {
    const { gateway, payInWindow, toss } = await createTossHarness();
    const paymentMethod = payInWindow({ ...first, amount: 100 });
    toss.set(paymentMethod, { status: 'WAITING_FOR_DEPOSIT' });

    expect(await gateway.inquire({ ...first, paymentMethod })).toEqual({ outcome: 'in-progress' });
  });
});
