import { describe, expect, it } from 'vitest';
import { secretsOf, signingSecret } from '../../simulation/secrets.ts';
import { aPayment } from '../../support/builders/builders.ts';
import { aRun } from './checks/run-builder.ts';

const secretsAt = (adapter: 'simulator' | 'stripe' | 'toss') =>
  secretsOf(aRun({ adapter, items: { Payments: [aPayment({ paymentMethod: 'token-1' })] } }));

describe('the secrets of a run', () => {
  it('are the keys and the tokens that buyers pay with', () => {
    expect(secretsAt('stripe')).toEqual([signingSecret, 'sk_secret', 'token-1']);
  });

  it('are not the tokens of Toss, which are the ids of its charges', () => {
    expect(secretsAt('toss')).toEqual([signingSecret, 'sk_secret']);
  });
});
