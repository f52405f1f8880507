import { describe, expect, it } from 'vitest';
import { finishCompensation } from '../../../../shared/domain/compensation/compensation.ts';
import { expireHold } from '../../../../shared/domain/payments/hold-release.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import type { InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
import {
  ambiguous,
  approved,
  claimedPayment,
  createInquiryHarness,
  later,
  mismatch,
  notFound,
  now,
  requiresAction,
} from './harness.ts';

/** A payment whose attempts before this one were declined, and whose buyer provided no other method. */
const anAbandonedPayment = (attempt: number) => {
  const kept = transitionPayment({ ...claimedPayment(), onDecline: 'keep' }, 'declinedKept', {
    at: later(1_000),
    by: 'charge-payment',
    change: { attempt, failure: { code: 'insufficient-funds', reason: 'no funds' } },
  });

  return finishCompensation(expireHold(kept, later(2_000), 'sweep-payments'), [], later(3_000));
};

const inquiring = (attempt: number, inquiries: readonly InquiryOutcome[]) => {
  const harness = createInquiryHarness(anAbandonedPayment(attempt), { inquiries });

  return {
    ...harness,
    id: harness.world.stored.paymentId,
    wake: () => harness.requestInquiry(now, '1', 'webhook'),
  };
};

describe('an earlier attempt of a payment that failed', () => {
  it('is refunded if the gateway has captured it all the same', async () => {
    const { world, id, wake, inquire } = inquiring(3, [notFound, declined, approved, approved]);

    expect(await wake()).toMatchObject({ outcome: 'LATE_CAPTURED' });
    expect(world.references).toEqual([`${id}-3`, `${id}-2`, id]);
    expect(world.stored).toMatchObject({
      ...{ attempt: 1, lastAttempt: 3 },
      pg: { transactionId: 'tx' },
    });

    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });
    expect(world.references.slice(3)).toEqual([id, id]);
    expect(world.refundRequests).toEqual([{ key: `rfd:${id}-late`, amount: 3_000 }]);
  });

  it('opens a review if the gateway has captured something else', async () => {
    const { world, wake } = inquiring(2, [notFound, mismatch]);

    expect(await wake()).toMatchObject({ outcome: 'LATE_CAPTURED' });

    expect(world.stored).toMatchObject({ attempt: 1 });
    expect(world.stored).not.toHaveProperty('pg');
  });

  it('is cancelled if it still waits for its buyer', async () => {
    const { world, id, wake } = inquiring(2, [notFound, requiresAction]);

    await expect(wake()).rejects.toThrow();

    expect(world.calls).toEqual(['inquire', 'inquire', 'cancel']);
    expect(world.references).toEqual([`${id}-2`, id, id]);
  });

  it('is refunded although the gateway gives no answer about another one', async () => {
    const { world, wake } = inquiring(3, [notFound, ambiguous, approved]);

    expect(await wake()).toMatchObject({ outcome: 'LATE_CAPTURED' });
    expect(world.stored).toMatchObject({ attempt: 1 });
  });

  it('is asked about again if the gateway gives no answer', async () => {
    const { world, wake } = inquiring(2, [notFound, ambiguous]);

    await expect(wake()).rejects.toThrow('ambiguous');

    expect(world.stored).toMatchObject({ status: 'COMPENSATED', attempt: 2 });
  });

  it('changes nothing if the gateway has declined each of them', async () => {
    const { world, wake } = inquiring(3, [notFound, declined, declined]);

    expect(await wake()).toMatchObject({ outcome: 'COMPENSATED' });

    expect(world.stored).toMatchObject({ status: 'COMPENSATED', attempt: 3 });
    expect(world.references).toHaveLength(3);
  });
});
