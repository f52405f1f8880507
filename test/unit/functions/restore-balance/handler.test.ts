import { describe, expect, it } from 'vitest';
import { aBalance } from '../../../support/builders/builders.ts';
import {
  createCompensationHarness,
  fixturePayment,
  rejectedPayment,
  restoredAmounts,
  unchangedAmounts,
} from '../compensation-harness.ts';

const reserved = fixturePayment('claimed', 'declined');
const cardPayment = {
  ...reserved,
  gatewayAmount: reserved.amount,
  reservation: { balance: 0, lines: reserved.reservation?.lines ?? [] },
};

describe('restore balance', () => {
  it('restores the held amount once', async () => {
    const failed = createCompensationHarness();

    expect(await failed.balance()).toEqual({ outcome: 'restored' });
    expect(await failed.balance()).toEqual({ outcome: 'already-recorded' });

    expect(failed.amounts().money).toEqual(restoredAmounts.money);
    expect(failed.records()).toEqual({ 'BALANCE#alice': { delta: 2_000, outcome: 'restored' } });
  });

  it.each([
    ['accept was rejected', rejectedPayment()],
    [
      'the coupon covered the full amount',
      { payment: { ...fixturePayment('holdReleased'), reservation: { balance: 0, lines: [] } } },
    ],
    ['the gateway charges all of it', { payment: cardPayment }],
  ])('records that nothing was held if %s', async (_why, given) => {
    const failed = createCompensationHarness(given);

    expect(await failed.balance()).toEqual({ outcome: 'nothing-reserved' });

    expect(failed.amounts()).toEqual(unchangedAmounts);
    expect(failed.records()).toEqual({
      'BALANCE#alice': { delta: 0, outcome: 'nothing-reserved' },
    });
  });

  it('needs no balance of the buyer if nothing was held', async () => {
    const failed = createCompensationHarness({ payment: cardPayment });
    failed.tables.deleteItem('Balances', { userId: 'alice' });

    await failed.compensateAll();
    const { status, missing } = await failed.finish();

    expect({ status, missing }).toEqual({ status: 'COMPENSATED', missing: [] });
    expect(failed.tables.items('Balances')).toEqual([]);
    expect(failed.records()).toMatchObject({
      'BALANCE#alice': { delta: 0, outcome: 'nothing-reserved' },
    });
  });

  it.each([
    ['is gone', 'target-missing', undefined],
    ['holds less than the payment', 'target-mismatch', { held: 1_999 }],
    ['is in another currency', 'target-mismatch', { held: 2_000, currency: 'USD' }],
  ])('records a balance that %s and succeeds', async (_what, outcome, given) => {
    const failed = createCompensationHarness();
    failed.tables.deleteItem('Balances', { userId: 'alice' });
    const balance = given && aBalance({ userId: 'alice', ...given });
    if (balance) failed.tables.put('Balances', balance);

    expect(await failed.balance()).toEqual({ outcome });

    expect(failed.tables.items('Balances')).toEqual(balance ? [balance] : []);
    expect(failed.records()).toEqual({ 'BALANCE#alice': { delta: 0, outcome } });
  });
});
