import { expect, it } from 'vitest';
import { simulatorOutcomes } from '../../../../dev/docs/simulator-outcomes.ts';
import { buyerStatus } from '../../../../shared/domain/payments/buyer-status.ts';
import { paymentTransitionOf } from '../../../../shared/domain/payments/payment-transitions.ts';
import { behaviours, defaultDelays } from '../../../../shared/simulators/gateway/behaviours.ts';
import { aPayment } from '../../../support/builders/builders.ts';

it('lists an outcome for every charge behaviour, with what its buyer does', () => {
  const ofCharges = [...behaviours(defaultDelays)]
    .filter(([name]) => !name.startsWith('sim_refund'))
    .map(([name, { challenge }]) => [name, challenge !== undefined] as const);

  const listed = simulatorOutcomes.map(
    ({ paymentMethod, buyer }) => [paymentMethod, buyer !== undefined] as const,
  );
  expect([...new Map(listed)]).toEqual(ofCharges);
});

it.each(simulatorOutcomes)(
  'reaches the outcome of $paymentMethod by existing transitions',
  (outcome) => {
    const { states, status } = outcome;

    for (const [at, state] of states.entries()) {
      expect(
        paymentTransitionOf(states[at - 1], state),
        `${states[at - 1]} -> ${state}`,
      ).toBeDefined();
    }
    expect(buyerStatus(aPayment({ status: states.at(-1) ?? 'RESERVED' }))).toBe(status);
  },
);
