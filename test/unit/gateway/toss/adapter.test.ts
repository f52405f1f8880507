import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen, type RunningServer } from '../../../../dev/local/http-server.ts';
import { systemTimers } from '../../../../shared/config/system-clock.ts';
import {
  respondWith,
  startFaultyGateway,
} from '../../../../shared/gateway/conformance/faulty-gateway.ts';
import {
  createManualTimers,
  type ManualTimers,
} from '../../../../shared/gateway/conformance/manual-timers.ts';
import { describePaymentGateway } from '../../../../shared/gateway/conformance/payment-gateway-suite.ts';
import { sendHttp } from '../../../../shared/gateway/http-exchange.ts';
import { createTossGateway } from '../../../../shared/gateway/toss/adapter.ts';
import { createTossChargeList } from '../../../../shared/gateway/toss/charge-list.ts';
import { jsonReply } from '../../../../shared/simulators/plain-http.ts';
import {
  createTossServer,
  idempotencyTtlMs,
  settleDelayMs,
} from '../../../support/fakes/toss/server.ts';

const timeoutMs = 8_000;
const secretKey = 'test_sk_docs';

describePaymentGateway('the Toss adapter', async () => {
  const timers = createManualTimers();
  const toss = createTossServer({ clock: timers, secretKey });
  const { url, close } = await listen(toss.server, { timers });

  return {
    url,
    timeoutMs,
    timers,
    settledAfterMs: settleDelayMs,
    paymentMethod: (scenario, charge) => toss.open(charge, `toss_${scenario.replaceAll('-', '_')}`),
    declineCode: 'REJECT_ACCOUNT_PAYMENT',
    // The payment waits in the checkout window and expires there by itself.
    unchargedCancelOutcome: 'in-progress',
    reportsRefundedOnCharge: true,
    keepsDeclinedRefunds: false,
    gatewayAt: (to) =>
      createTossGateway({ url: to, secretKey, timeoutMs, timers, exchange: sendHttp }),
    chargeListAt: (to) =>
      createTossChargeList({
        url: to,
        secretKey,
        timeoutMs,
        timers,
        exchange: sendHttp,
        pageSize: 2,
      }),
    readState: async (reference) => toss.stateOf(reference),
    close,
  };
});

describe('Toss adapter', () => {
  const order = { reference: 'pay-1', amount: 4_000, currency: 'KRW' };
  const key = 'chg:pay-1:1';
  let timers: ManualTimers;
  let toss: ReturnType<typeof createTossServer>;
  let pg: RunningServer;
  let gateway: ReturnType<typeof createTossGateway>;
  let paymentMethod: string;

  beforeEach(async () => {
    timers = createManualTimers();
    toss = createTossServer({ clock: timers, secretKey });
    pg = await listen(toss.server, { timers });
    gateway = createTossGateway({ url: pg.url, secretKey, timeoutMs, timers, exchange: sendHttp });
    paymentMethod = toss.open(order, 'toss_approve');
  });
  afterEach(() => pg.close());

  const at = '2026-01-05T18:00:00+09:00';

  it.each([
    ['READY', {}, 'in-progress', 'in-progress'],
    ['IN_PROGRESS', {}, 'in-progress', 'in-progress'],
    ['WAITING_FOR_DEPOSIT', {}, 'in-progress', 'in-progress'],
    ['DONE', { approvedAt: at }, 'approved', 'already-captured'],
    ['PARTIAL_CANCELED', { approvedAt: at }, 'approved', 'already-captured'],
    ['CANCELED', { approvedAt: at }, 'approved', 'already-captured'],
    ['CANCELED', { approvedAt: null }, 'declined', 'cancelled'],
    ['ABORTED', {}, 'declined', 'cancelled'],
    ['EXPIRED', {}, 'declined', 'cancelled'],
    ['DONE', { approvedAt: null }, 'ambiguous', 'ambiguous'],
    ['SETTLED_ON_THE_MOON', { approvedAt: at }, 'ambiguous', 'ambiguous'],
  ])(
    'maps %s with %o to %s, and its cancellation to %s',
    async (status, rest, inquired, cancelled) => {
      toss.set(paymentMethod, { status, ...rest });

      expect(await gateway.inquire(order)).toMatchObject({ outcome: inquired });
      expect(await gateway.cancel(order)).toMatchObject({ outcome: cancelled });
    },
  );

  const cancelled = (cancelAmount: number, cancelStatus: string) => ({
    transactionKey: `tx-${cancelAmount}`,
    cancelAmount,
    cancelReason: 'by the shop',
    cancelStatus,
    canceledAt: at,
  });

  it.each([
    ['nothing', 'DONE', {}, 0],
    ['a listed part', 'PARTIAL_CANCELED', { cancels: [cancelled(1_000, 'DONE')] }, 1_000],
    ['a part in progress', 'DONE', { cancels: [cancelled(1_000, 'IN_PROGRESS')] }, 1_000],
    ['an aborted part', 'DONE', { cancels: [cancelled(1_000, 'ABORTED')] }, 0],
    ['a part shown only in the balance', 'PARTIAL_CANCELED', { balanceAmount: 2_500 }, 1_500],
    ['all, listed or not', 'CANCELED', {}, 4_000],
  ])('reads the refunded amount: %s', async (_what, status, rest, refunded) => {
    toss.set(paymentMethod, { status, approvedAt: at, ...rest });

    expect(await gateway.inquire(order)).toMatchObject({ captured: 4_000, refunded });
  });

  it('returns the approval time in UTC', async () => {
    toss.set(paymentMethod, { status: 'DONE', approvedAt: at });

    expect(await gateway.inquire(order)).toMatchObject({ approvedAt: '2026-01-05T09:00:00.000Z' });
  });

  it('returns ambiguous for "already processed": it may be our own charge', async () => {
    await gateway.charge({ ...order, key, paymentMethod });

    const outcome = await gateway.charge({ ...order, key: 'chg:pay-1:2', paymentMethod });

    expect(outcome).toMatchObject({ outcome: 'ambiguous' });
    expect(toss.stateOf('pay-1').captured).toEqual([4_000]);
  });

  it('returns ambiguous for a documented decline inside a 500', async () => {
    const broken = await startFaultyGateway(
      respondWith(500, { code: 'REJECT_CARD_PAYMENT', message: 'no' }),
    );
    const to = createTossGateway({
      url: broken.url,
      secretKey,
      timeoutMs,
      timers,
      exchange: sendHttp,
    });

    expect(await to.charge({ ...order, key, paymentMethod })).toMatchObject({
      outcome: 'ambiguous',
    });
    await broken.close();
  });

  it.each([
    [400, 'INVALID_API_KEY'],
    [401, 'UNAUTHORIZED_KEY'],
    [403, 'INCORRECT_BASIC_AUTH_FORMAT'],
  ])('returns not-sent with cause credentials for a %d with %s', async (status, code) => {
    const rejecting = await startFaultyGateway(respondWith(status, { code, message: 'no' }));
    const to = createTossGateway({
      url: rejecting.url,
      secretKey,
      timeoutMs,
      timers,
      exchange: sendHttp,
    });
    const refund = { ...order, key: 'rfd:1' };
    const unsent = { outcome: 'not-sent', cause: 'credentials' };

    expect(await to.charge({ ...order, key, paymentMethod })).toMatchObject(unsent);
    expect(await to.inquire(order)).toMatchObject(unsent);
    expect(await to.cancel(order)).toMatchObject(unsent);
    expect(await to.refund(refund)).toMatchObject(unsent);
    expect(await to.inquireRefund(refund)).toMatchObject(unsent);
    await rejecting.close();
  });

  it('treats FORBIDDEN_REQUEST as a decline of a charge, and as rejected credentials otherwise', async () => {
    const rejecting = await startFaultyGateway(
      respondWith(403, { code: 'FORBIDDEN_REQUEST', message: 'no' }),
    );
    const to = createTossGateway({
      url: rejecting.url,
      secretKey,
      timeoutMs,
      timers,
      exchange: sendHttp,
    });
    const refund = { ...order, key: 'rfd:1' };
    const unsent = { outcome: 'not-sent', cause: 'credentials' };

    expect(await to.charge({ ...order, key, paymentMethod })).toMatchObject({
      outcome: 'declined',
      code: 'FORBIDDEN_REQUEST',
    });
    expect(await to.inquire(order)).toMatchObject(unsent);
    expect(await to.cancel(order)).toMatchObject(unsent);
    expect(await to.refund(refund)).toMatchObject(unsent);
    expect(await to.inquireRefund(refund)).toMatchObject(unsent);
    await rejecting.close();
  });

  it.each([
    ['a documented decline with 403', 403, 'REJECT_CARD_PAYMENT', 'declined'],
    ['a 403 with an undocumented code', 403, 'MOON_IN_THE_WRONG_PHASE', 'ambiguous'],
    ['a rejected key inside a 500', 500, 'INVALID_API_KEY', 'ambiguous'],
  ])('does not treat %s as rejected credentials', async (_what, status, code, outcome) => {
    const rejecting = await startFaultyGateway(respondWith(status, { code, message: 'no' }));
    const to = createTossGateway({
      url: rejecting.url,
      secretKey,
      timeoutMs,
      timers,
      exchange: sendHttp,
    });

    expect(await to.charge({ ...order, key, paymentMethod })).toMatchObject({ outcome });
    await rejecting.close();
  });

  it('declines another currency without sending', async () => {
    const outcome = await gateway.charge({ ...order, currency: 'USD', key, paymentMethod });

    expect(outcome).toMatchObject({ outcome: 'declined', code: 'NOT_SUPPORTED_CURRENCY' });
    expect(toss.stateOf('pay-1').requests).toBe(0);
  });

  it('refunds twice for two keys of one amount, once for a repeated key', async () => {
    await gateway.charge({ ...order, key, paymentMethod });

    const first = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });
    const second = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:2' });
    const again = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });

    expect(second).not.toEqual(first);
    expect(again).toEqual(first);
    expect(toss.stateOf('pay-1').refunded).toEqual([1_000, 1_000]);
  });

  it('refunds once after the key has expired', async () => {
    await gateway.charge({ ...order, key, paymentMethod });
    const first = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });
    timers.advance(idempotencyTtlMs);

    const again = await gateway.refund({ ...order, amount: 1_000, key: 'rfd:1' });

    expect(again).toEqual(first);
    expect(toss.stateOf('pay-1').refunded).toEqual([1_000]);
  });

  it.each([
    ['DONE', 'refunded'],
    [undefined, 'refunded'],
    ['IN_PROGRESS', 'in-progress'],
    ['ABORTED', 'declined'],
    ['ON_THE_MOON', 'ambiguous'],
  ])('maps a refund with status %s to %s', async (cancelStatus, outcome) => {
    const cancel = { transactionKey: 'tx-1', cancelAmount: 4_000, cancelReason: 'refund rfd:1' };
    const cancels = [{ ...cancel, canceledAt: at, ...(cancelStatus && { cancelStatus }) }];
    toss.set(paymentMethod, { status: 'CANCELED', approvedAt: at, cancels });

    expect(await gateway.inquireRefund({ ...order, key: 'rfd:1' })).toMatchObject({ outcome });
    expect(await gateway.refund({ ...order, key: 'rfd:1' })).toMatchObject({ outcome });
    expect(toss.stateOf('pay-1').refundRequests).toBe(0);
  });

  it('finds the refund that succeeded after an aborted one with its key', async () => {
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

  it('omits an expired deposit although its transaction has an amount', async () => {
    const expired = { paymentKey: 'key-1', orderId: 'pay-1', currency: 'KRW' };
    const transactions = [
      { ...expired, transactionKey: 'tx-1', status: 'WAITING_FOR_DEPOSIT', amount: 0 },
      { ...expired, transactionKey: 'tx-2', status: 'CANCELED', amount: 4_000 },
    ];
    const payment = { ...expired, status: 'EXPIRED', totalAmount: 4_000, approvedAt: null };
    const deposits = await listen(async ({ path, query }) => {
      if (path !== '/v1/transactions') return jsonReply(200, payment);

      return jsonReply(200, query.startingAfter ? [] : transactions);
    });
    const chargeList = createTossChargeList({
      url: deposits.url,
      secretKey,
      timeoutMs,
      timers: systemTimers,
      exchange: sendHttp,
    });

    expect(await Array.fromAsync(chargeList.charges())).toEqual([]);
    await deposits.close();
  });

  it('shares one deadline between the lookup and the refund', async () => {
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
