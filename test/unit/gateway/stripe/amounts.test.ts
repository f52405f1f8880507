import { describe, expect, it } from 'vitest';
import { charge, startFixedResponse } from './harness.ts';

describe('Stripe adapter: amounts that Stripe does not take', () => {
  it.each(['ISK', 'MGA', 'UGX'])(
    'declines %s without sending: its minor unit differs at Stripe',
    async (currency) => {
      const { gateway, requests, close } = await startFixedResponse(200, {});

      expect(await gateway.charge({ ...charge, currency })).toMatchObject({ outcome: 'declined' });
      expect(await gateway.refund({ ...charge, currency })).toMatchObject({ outcome: 'declined' });
      expect(await gateway.inquireRefund({ ...charge, currency })).toMatchObject({
        outcome: 'declined',
      });
      expect(requests()).toBe(0);
      await close();
    },
  );

  it.each(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])(
    'declines amounts of %s that are not multiples of ten, without sending',
    async (currency) => {
      const { gateway, requests, close } = await startFixedResponse(500, {});
      const [odd, even] = [3_702, 3_700].map((amount) => ({ ...charge, currency, amount }));
      const declined = { outcome: 'declined', code: 'amount_not_supported' };

      expect(await gateway.charge({ ...charge, ...odd })).toMatchObject(declined);
      expect(await gateway.refund({ ...charge, ...odd })).toMatchObject(declined);
      expect(await gateway.inquireRefund({ ...charge, ...odd })).toMatchObject(declined);
      expect(requests()).toBe(0);

      expect(await gateway.charge({ ...charge, ...even })).toMatchObject({ outcome: 'ambiguous' });
      expect(requests()).toBe(1);
      await close();
    },
  );

  it.each([
    ['BHD', 3_702],
    ['ISK', 4_000],
  ])('returns cancelled for %s %i, which is never sent', async (currency, amount) => {
    const { gateway, requests, close } = await startFixedResponse(200, {
      object: 'search_result',
      data: [],
    });

    expect(await gateway.cancel({ ...charge, currency, amount })).toEqual({
      outcome: 'cancelled',
    });
    expect(requests()).toBe(1);
    await close();
  });
});
