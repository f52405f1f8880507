import { describe, expect, it } from 'vitest';
import type { InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { noon } from '../../../support/builders/builders.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
import { anEndedPayment } from '../difference-harness.ts';

const capturedTwice = (refunded: number) =>
  ({
    outcome: 'approved',
    transactionId: 'txn_0',
    approvedAt: noon.toISOString(),
    captured: 5_000,
    refunded,
  }) as const;

/** A payment whose third attempt captured 5,000, and the answers about the second and the first one. */
const comparing = (second: InquiryOutcome, first: InquiryOutcome) => {
  const ended = anEndedPayment({ attempt: 3 });
  const { paymentId } = ended.stored();
  ended.holds(5_000, 0);
  ended.world.others.set(`${paymentId}-2`, second);
  ended.world.others.set(paymentId, first);

  return ended;
};

describe('compare the attempts of a payment with the gateway', () => {
  it('is consistent if the gateway has declined the earlier ones', async () => {
    const { compare, reviews } = comparing(declined, { outcome: 'not-found' });

    expect(await compare()).toBe('consistent');
    expect(reviews()).toEqual([]);
  });

  it('opens a review if an earlier one was captured as well', async () => {
    const { compare, reviews } = comparing(declined, capturedTwice(0));

    expect(await compare()).toBe('review-opened');
    expect(reviews()).toMatchObject([
      {
        code: 'gateway-difference',
        amountAtRisk: 5_000,
        difference: {
          captured: 10_000,
          refunded: 0,
          amount: 5_000,
          detail: 'attempt 1: captured 5000, refunded 0',
        },
      },
    ]);
  });

  it('is consistent again once that one is refunded', async () => {
    const { compare, stored, world, reviews } = comparing(declined, capturedTwice(0));
    await compare();
    world.others.set(stored().paymentId, capturedTwice(5_000));

    expect(await compare()).toBe('consistent-again');
    expect(reviews()).toMatchObject([{ status: 'RESOLVED' }]);
  });

  it('decides nothing while the gateway gives no answer about one', async () => {
    const { compare, reviews } = comparing({ outcome: 'in-progress' }, capturedTwice(0));

    await expect(compare()).rejects.toThrow('attempt 2: in-progress');
    expect(reviews()).toEqual([]);
  });

  it('opens a review if a later one was captured after an earlier one was refunded', async () => {
    const ended = anEndedPayment({ status: 'REVERSED', attempt: 1, lastAttempt: 3 });
    const { paymentId } = ended.stored();
    ended.holds(5_000, 5_000);
    ended.world.others.set(`${paymentId}-2`, declined);
    ended.world.others.set(`${paymentId}-3`, capturedTwice(0));

    expect(await ended.compare()).toBe('review-opened');
    expect(ended.reviews()).toMatchObject([
      { amountAtRisk: 5_000, difference: { detail: 'attempt 3: captured 5000, refunded 0' } },
    ]);
  });
});
