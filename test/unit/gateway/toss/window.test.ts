import { describe, expect, it } from 'vitest';
import { derivePaymentId } from '../../../../shared/domain/ids.ts';
import { gatewayReferenceOf } from '../../../../shared/domain/payments/charge-reference.ts';
import { tokenFormats } from '../../../../shared/gateway/token-format.ts';
import { expiresAfterMs, sessionMs } from '../../../support/fakes/toss/payments.ts';
import { clientKey, createTossHarness, key, order, timeoutMs } from './harness.ts';

const paymentId = derivePaymentId('alice', 'payment-1');
const first = { reference: paymentId, amount: 12_000, currency: 'KRW' };

describe('Toss adapter: the checkout window', () => {
  it('charges the paymentKey of a window that was opened with our reference and amount', async () => {
    const { gateway, payInWindow, toss } = await createTossHarness();
    const paymentMethod = payInWindow(first);

    expect(await gateway.charge({ ...first, key, paymentMethod })).toMatchObject({
      outcome: 'approved',
      transactionId: paymentMethod,
      captured: 12_000,
    });
    expect(toss.stateOf(paymentId).captured).toEqual([12_000]);
  });

  it('takes a paymentKey of 200 characters, the longest that Toss documents', async () => {
    const { gateway, paymentMethod } = await createTossHarness({
      randomId: () => 'aB3_-='.repeat(33).slice(0, 195),
    });

    expect(paymentMethod).toHaveLength(200);
    expect(paymentMethod).toMatch(tokenFormats.toss.pattern);
    expect(`${paymentMethod}x`).not.toMatch(tokenFormats.toss.pattern);
    expect(await gateway.charge({ ...order, key, paymentMethod })).toMatchObject({
      outcome: 'approved',
      transactionId: paymentMethod,
    });
  });

  it.each([1, 2, 5])('opens with the reference of attempt %i', async (attempt) => {
    const { gateway, payInWindow } = await createTossHarness();
    const charge = { ...first, reference: gatewayReferenceOf({ paymentId, attempt }) };
    const paymentMethod = payInWindow(charge);

    expect(await gateway.charge({ ...charge, key, paymentMethod })).toMatchObject({
      outcome: 'approved',
    });
  });

  it('charges a second window after a decline, under the reference of the next attempt', async () => {
    const { gateway, payInWindow, toss } = await createTossHarness();
    const second = { ...first, reference: gatewayReferenceOf({ paymentId, attempt: 2 }) };
    const declined = { ...first, key, paymentMethod: payInWindow(first, 'toss_decline') };
    const approved = { ...second, key: `${key}:2`, paymentMethod: payInWindow(second) };

    expect(await gateway.charge(declined)).toMatchObject({ outcome: 'declined' });
    expect(await gateway.charge(approved)).toMatchObject({ outcome: 'approved' });

    expect(await gateway.inquire(declined)).toMatchObject({ outcome: 'declined' });
    expect(await gateway.inquire(approved)).toMatchObject({ outcome: 'approved' });
    expect(toss.stateOf(first.reference).captured).toEqual([]);
    expect(toss.stateOf(second.reference).captured).toEqual([12_000]);
  });

  it.each([100, 11_999, 12_001])(
    'declines and captures nothing if the page opened the window with %i instead of 12000',
    async (amount) => {
      const { gateway, payInWindow, toss } = await createTossHarness();
      const charge = { ...first, key, paymentMethod: payInWindow({ ...first, amount }) };
      const declined = {
        outcome: 'declined',
        code: 'WINDOW_AMOUNT_DIFFERS',
        reason: `The window was opened with ${amount}.`,
        buyerCode: 'method-not-supported',
      };

      expect(await gateway.charge(charge)).toEqual(declined);
      expect(await gateway.inquire(charge)).toEqual(declined);
      expect(toss.stateOf(paymentId)).toMatchObject({ requests: 1, captured: [] });
    },
  );

  it("declines the paymentKey of another buyer's order, and leaves it to that buyer", async () => {
    const { gateway, paymentMethod: ofOther, toss } = await createTossHarness();

    expect(await gateway.charge({ ...first, key, paymentMethod: ofOther })).toMatchObject({
      outcome: 'declined',
      code: 'FORBIDDEN_REQUEST',
      buyerCode: 'method-not-supported',
    });
    expect(await gateway.inquire({ ...first, paymentMethod: ofOther })).toEqual({
      outcome: 'not-found',
    });
    expect(
      await gateway.charge({ ...order, key: 'chg:other:1', paymentMethod: ofOther }),
    ).toMatchObject({ outcome: 'approved' });
    expect(toss.stateOf(paymentId).captured).toEqual([]);
  });

  it("never takes another order's capture for ours", async () => {
    const { gateway, paymentMethod: ofOther } = await createTossHarness();
    await gateway.charge({ ...order, key, paymentMethod: ofOther });

    const charge = { ...first, key: 'chg:mine:1', paymentMethod: ofOther };

    expect(await gateway.charge(charge)).toMatchObject({ outcome: 'declined' });
    expect(await gateway.inquire(charge)).toEqual({ outcome: 'not-found' });
    expect(await gateway.cancel(charge)).toEqual({ outcome: 'not-found' });
  });

  it('declines a paymentKey that Toss does not know', async () => {
    const { gateway } = await createTossHarness();

    expect(await gateway.charge({ ...first, key, paymentMethod: 'tgen_invented' })).toMatchObject({
      outcome: 'declined',
      code: 'NOT_FOUND_PAYMENT',
      buyerCode: 'method-not-supported',
    });
  });

  it('declines a paymentKey older than ten minutes, and never captures it', async () => {
    const { gateway, payInWindow, timers, toss } = await createTossHarness();
    const charge = { ...first, key, paymentMethod: payInWindow(first) };
    timers.advance(sessionMs);

    expect(await gateway.charge(charge)).toMatchObject({
      outcome: 'declined',
      code: 'NOT_FOUND_PAYMENT_SESSION',
      buyerCode: 'try-again-later',
    });
    timers.advance(expiresAfterMs - sessionMs);
    expect(await gateway.inquire(charge)).toMatchObject({ outcome: 'declined', code: 'EXPIRED' });
    expect(toss.stateOf(paymentId).captured).toEqual([]);
  });

  it('finds nothing if the buyer closed the window without paying', async () => {
    const { gateway, toss } = await createTossHarness();
    const window = toss.openWindow({ orderId: paymentId, amount: 12_000, clientKey });

    expect(window.close()).toMatchObject({ code: 'PAY_PROCESS_CANCELED', orderId: paymentId });
    expect(await gateway.inquire(first)).toEqual({ outcome: 'not-found' });
    expect(await gateway.cancel(first)).toEqual({ outcome: 'not-found' });
  });

  it.each(['toss_timeout_after_effect', 'toss_error_after_effect', 'toss_garbage_after_effect'])(
    'finds a confirmation whose answer was lost: %s',
    async (method) => {
      const { gateway, payInWindow, timers, toss } = await createTossHarness();
      const charge = { ...first, key, paymentMethod: payInWindow(first, method) };
      const pending = gateway.charge(charge);
      await expect.poll(() => toss.stateOf(paymentId).captured).toEqual([12_000]);
      timers.advance(timeoutMs);

      expect(await pending).toMatchObject({ outcome: 'ambiguous' });
      expect(await gateway.inquire(charge)).toMatchObject({ outcome: 'approved' });
    },
  );
});

describe("the model of Toss's checkout window", () => {
  it.each([
    ['another shop', { clientKey: 'test_ck_other' }, 'INVALID_CLIENT_KEY'],
    ['an orderId of 5 characters', { orderId: 'pay_1' }, 'INVALID_ORDER_ID'],
    ['an orderId of 65 characters', { orderId: 'p'.repeat(65) }, 'INVALID_ORDER_ID'],
    ['another character in the orderId', { orderId: 'pay:0001' }, 'INVALID_ORDER_ID'],
    ['another currency', { currency: 'USD' }, 'NOT_SUPPORTED_CURRENCY'],
    ['no amount', { amount: 0 }, 'INVALID_AMOUNT'],
  ])('does not open for %s', async (_what, change, code) => {
    const { toss } = await createTossHarness();
    const request = { orderId: paymentId, amount: 12_000, clientKey, ...change };

    expect(() => toss.openWindow(request)).toThrow(code);
  });
});

describe('Toss adapter: a confirmation that is refused because the order may be paid', () => {
  it('is approved if the payment is our own charge', async () => {
    const { gateway, paymentMethod, toss } = await createTossHarness();
    const charge = { ...order, paymentMethod };
    await gateway.charge({ ...charge, key });

    expect(await gateway.charge({ ...charge, key: `${key}:2` })).toMatchObject({
      outcome: 'approved',
      transactionId: paymentMethod,
    });
    expect(toss.stateOf(order.reference)).toMatchObject({ requests: 2, captured: [4_000] });
  });

  it('is declined with the reason of the payment if that was declined', async () => {
    const { gateway, payInWindow } = await createTossHarness();
    const charge = { ...first, paymentMethod: payInWindow(first, 'toss_decline_stopped_card') };
    const declined = await gateway.charge({ ...charge, key });

    expect(declined).toMatchObject({ code: 'INVALID_STOPPED_CARD' });
    expect(await gateway.charge({ ...charge, key: `${key}:2` })).toEqual(declined);
  });

  it('is approved by the other window of the order that was paid', async () => {
    const { gateway, paymentMethod, payInWindow, toss } = await createTossHarness();
    const other = payInWindow();
    await gateway.charge({ ...order, key, paymentMethod });

    // DUPLICATED_ORDER_ID
    expect(await gateway.charge({ ...order, key: `${key}:2`, paymentMethod: other })).toMatchObject(
      { outcome: 'approved', transactionId: paymentMethod },
    );
    expect(toss.stateOf(order.reference).captured).toEqual([4_000]);
  });

  it.each([
    ['the payment is not confirmed', { status: 'IN_PROGRESS' }],
    ['the payment waits for a deposit', { status: 'WAITING_FOR_DEPOSIT' }],
    ['the status is not documented', { status: 'ON_THE_MOON' }],
  ])('stays ambiguous if %s', async (_what, shown) => {
    const { gateway, paymentMethod, toss } = await createTossHarness();
    await gateway.charge({ ...order, key, paymentMethod });
    toss.set(paymentMethod, { approvedAt: null, ...shown });

    expect(await gateway.charge({ ...order, key: `${key}:2`, paymentMethod })).toEqual({
      outcome: 'ambiguous',
      reason: 'status 400, code ALREADY_PROCESSED_PAYMENT',
    });
  });
});
