import { describe, expect, it } from 'vitest';
import { charge, createTossHarness, key, order, startFixedResponse } from './harness.ts';

describe('Toss adapter: charges', () => {
  it('returns ambiguous for a documented decline inside a 500', async () => {
    const { gateway, close } = await startFixedResponse(500, {
      code: 'REJECT_CARD_PAYMENT',
      message: 'no',
    });

    expect(await gateway.charge(charge)).toMatchObject({
      outcome: 'ambiguous',
    });
    await close();
  });

  it.each([
    ['a documented decline with 403', 403, 'REJECT_CARD_PAYMENT', 'declined'],
    ['a 403 with an undocumented code', 403, 'MOON_IN_THE_WRONG_PHASE', 'ambiguous'],
    ['a rejected key inside a 500', 500, 'INVALID_API_KEY', 'ambiguous'],
  ])('does not treat %s as rejected credentials', async (_what, status, code, outcome) => {
    const { gateway, close } = await startFixedResponse(status, { code, message: 'no' });

    expect(await gateway.charge(charge)).toMatchObject({ outcome });
    await close();
  });

  it('declines another currency without sending', async () => {
    const { gateway, paymentMethod, toss } = await createTossHarness();
    const outcome = await gateway.charge({ ...order, currency: 'USD', key, paymentMethod });

    expect(outcome).toMatchObject({ outcome: 'declined', code: 'NOT_SUPPORTED_CURRENCY' });
    expect(toss.stateOf('pay-01').requests).toBe(0);
  });
});
