import { describe, expect, it } from 'vitest';
import { GatewayNoResponseError } from '../../../../functions/inquire-payment/errors.ts';
import { finishCompensation } from '../../../../shared/domain/compensation/compensation.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../../shared/domain/payments/payment-transitions.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import {
  anUnknownPayment,
  approved,
  compensatedPayment,
  createInquiryHarness,
  historyOf,
  later,
  mismatch,
  now,
  reviewedPayment,
} from './harness.ts';

const { inFlightWindowMs } = timings.local;

describe('immediate inquiry about a capture refunded at the gateway', () => {
  it.each(['outcome-unknown', 'ledger-mismatch', 'refunded-at-gateway'])(
    'does not complete a payment under review as %s',
    async (code) => {
      const payment = reviewedPayment(code);
      const { world, requestInquiry } = createInquiryHarness(payment, {
        inquiries: [{ ...approved, captured: 5_000, refunded: 1_000 }],
      });

      await requestInquiry(now);

      expect(historyOf(world.stored)).toEqual(historyOf(payment));
      expect(world.evidence).toMatchObject([
        { detail: expect.stringContaining('captured 5000, refunded 1000 at the gateway') },
      ]);
    },
  );

  it.each([approved, mismatch])(
    'changes nothing if an operator decided that it failed: $outcome',
    async (found) => {
      const failed = transitionPayment(reviewedPayment('refunded-at-gateway'), 'declined', {
        at: later(4_000),
        by: 'test',
        change: { failure: { code: 'not-paid', reason: 'It was not paid.' } },
      });
      const payment = finishCompensation(failed, [], later(5_000));
      const { world, requestInquiry } = createInquiryHarness(payment, {
        inquiries: [{ ...found, captured: 5_000, refunded: 5_000 }],
      });

      await requestInquiry(now);

      expect(historyOf(world.stored)).toEqual(historyOf(payment));
      expect(world.evidence).toMatchObject([
        { detail: 'immediate inquiry: captured 5000, refunded 5000 at the gateway' },
      ]);
    },
  );
});

describe('immediate inquiry about a final payment', () => {
  it.each<[string, () => Payment]>([
    ['COMPLETED', () => afterTransitions(anUnknownPayment(), 'captured')],
    ['REVERSED', () => afterTransitions(compensatedPayment(), 'lateCaptured', 'reversed')],
  ])(
    'compares a payment in %s with the gateway and does not change its status',
    async (status, create) => {
      const payment = create();
      const { world, requestInquiry } = createInquiryHarness(payment);

      expect(await requestInquiry(now)).toMatchObject({ outcome: `${status}, consistent` });

      expect(world.compared).toEqual([status]);
      expect(world.stored).toEqual({ ...payment, lastImmediateInquiryAt: now.toISOString() });
    },
  );

  it('compares at most every ten seconds for any number of requests', async () => {
    const { world, requestInquiry } = createInquiryHarness(
      afterTransitions(anUnknownPayment(), 'captured'),
    );

    await requestInquiry(now, 'first');
    await expect(requestInquiry(now, 'second')).rejects.toBeInstanceOf(DeferredError);

    expect(world.compared).toEqual(['COMPLETED']);
  });

  it('answers earlier requests by one comparison', async () => {
    const payment = {
      ...afterTransitions(anUnknownPayment(), 'captured'),
      lastInquiredAt: now.toISOString(),
    };
    const { world, requestInquiry } = createInquiryHarness(payment);

    expect(await requestInquiry(later(inFlightWindowMs - 1))).toMatchObject({
      outcome: 'duplicate',
    });

    expect(world.compared).toEqual([]);
  });
});

describe('scheduled comparison of a completed payment', () => {
  const hinted = (change: Partial<Payment> = {}): Payment => ({
    ...afterTransitions(anUnknownPayment(), 'captured'),
    hintedAt: later(2_000).toISOString(),
    ...change,
  });

  it('compares when the sweeper requests the inquiry', async () => {
    const { world, inquire } = createInquiryHarness(hinted());

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED, consistent' });

    expect(world.compared).toEqual(['COMPLETED']);
    expect(world.calls).toEqual([]);
  });

  it('ends the message without an answer and leaves it to the sweeper', async () => {
    const { world, inquire } = createInquiryHarness(hinted());
    world.compareResult = () => Promise.reject(new GatewayNoResponseError('comparison: timeout'));

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED, comparison: timeout' });
  });

  it.each<[string, Partial<Payment>]>([
    ['was compared since', { lastInquiredAt: later(2_001).toISOString() }],
    ['has a pending refund', { refundPending: 1 }],
    ['was paid from the balance alone', { amount: 2_000, gatewayAmount: 0 }],
    ['has an amount of 0', { amount: 0, gatewayAmount: 0 }],
  ])('does not compare for a late message if it %s', async (_what, change) => {
    const { world, inquire } = createInquiryHarness(hinted(change));

    expect(await inquire()).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.compared).toEqual([]);
  });
});
