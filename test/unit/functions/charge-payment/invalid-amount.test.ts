import { expect, it } from 'vitest';
import { InvalidAmountError } from '../../../../shared/domain/money.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { createChargerHarness } from './harness.ts';

it.each([-9_000, 2_999.5, 2 ** 53, Number.NaN, '5000' as unknown as number])(
  'claims no payment whose part for the gateway is %s and calls no gateway',
  async (gatewayAmount) => {
    const payment = aPayment({ gatewayAmount });
    const { world, charge } = createChargerHarness(payment);

    await expect(charge()).rejects.toThrow(InvalidAmountError);

    expect(world.charges).toEqual([]);
    expect(world.stored).toEqual(payment);
  },
);
