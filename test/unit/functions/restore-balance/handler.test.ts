import { describe, expect, it } from 'vitest';
import { aBalance } from '../../../support/builders/builders.ts';
import {
  createCompensationHarness,
  fixturePayment,
  rejectedPayment,
  restoredAmounts,
  unchangedAmounts,
} from '../compensation-harness.ts';

describe('restore balance', () => {
  it('restores the held amount once', async () => {
    const failed = createCompensationHarness();

    expect(await failed.balance()).toEqual({ outcome: 'restored' });
    expect(await failed.balance()).toEqual({ outcome: 'already-recorded' });

    expect(failed.amounts().money).toEqual(restoredAmounts.money);
    expect(failed.records()).toEqual({ 'BALANCE#alice': { delta: 5_000, outcome: 'restored' } });
  });

  it.each([
    ['accept was rejected', rejectedPayment()],
    [
      'the coupon covered the full amount',
      { payment: { ...fixturePayment('holdReleased'), reservation: { balance: 0, lines: [] } } },
    ],
  ])('records that nothing was held if %s', async (_why, given) => {
    const failed = createCompensationHarness(given);

    expect(await failed.balance()).toEqual({ outcome: 'nothing-reserved' });

    expect(failed.amounts()).toEqual(unchangedAmounts);
    expect(failed.records()).toEqual({
      'BALANCE#alice': { delta: 0, outcome: 'nothing-reserved' },
    });
  });

  it.each([
    ['is gone', 'target-missing', undefined],
    ['holds less than the payment', 'target-mismatch', { held: 4_999 }],
    ['is in another currency', 'target-mismatch', { held: 5_000, currency: 'USD' }],
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
