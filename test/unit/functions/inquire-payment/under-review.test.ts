import { describe, expect, it } from 'vitest';
import { finishCompensation } from '../../../../shared/domain/compensation/compensation.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type { InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { declined } from '../../../support/builders/gateway-outcomes.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import {
  ambiguous,
  approved,
  compensatedPayment,
  createInquiryHarness,
  declinedPayment,
  historyOf,
  inProgress,
  later,
  mismatch,
  notFound,
  now,
  reviewedPayment,
} from './harness.ts';

const { immediateInquiryIntervalMs, inFlightWindowMs, redeliveryBackoffMs } = timings.local;

describe('immediate inquiry about a payment under review', () => {
  it.each<[string, InquiryOutcome[], string]>([
    ['captured it', [approved], 'COMPLETED'],
    ['declined it', [declined], 'FAILED'],
    ['never charged it', [notFound, notFound], 'FAILED'],
  ])('decides an unknown outcome if the gateway %s', async (_, inquiries, status) => {
    const { world, requestInquiry } = createInquiryHarness(reviewedPayment('outcome-unknown'), {
      inquiries,
    });

    expect(await requestInquiry(now)).toMatchObject({ outcome: status });

    expect(world.stored.status).toBe(status);
  });

  it('completes a payment whose ledger mismatch is gone', async () => {
    const { world, requestInquiry } = createInquiryHarness(reviewedPayment('ledger-mismatch'), {
      inquiries: [approved],
    });

    expect(await requestInquiry(now)).toMatchObject({ outcome: 'COMPLETED' });

    expect(world.evidence).toEqual([]);
  });

  it('stays under review while the ledger mismatch remains', async () => {
    const payment = reviewedPayment('ledger-mismatch');
    const { world, requestInquiry } = createInquiryHarness(payment, { inquiries: [approved] });
    world.captureResult = 'ledger-mismatch';

    expect(await requestInquiry(now)).toMatchObject({ outcome: 'IN_REVIEW' });

    expect(historyOf(world.stored)).toEqual(historyOf(payment));
    expect(world.evidence).toMatchObject([{ detail: expect.stringContaining('ledger mismatch') }]);
  });

  it.each<[string, Payment, InquiryOutcome]>([
    ['captured another amount', reviewedPayment('outcome-unknown'), mismatch],
    ['declined one whose code is an object property', reviewedPayment('constructor'), declined],
    ['declined one with a ledger mismatch', reviewedPayment('ledger-mismatch'), declined],
    ['captured one charge as requested and another one', reviewedPayment('pg-mismatch'), approved],
    [
      'captured one that is partly compensated',
      reviewedPayment('outcome-unknown', declinedPayment()),
      approved,
    ],
    [
      'captured one that may have been refunded',
      reviewedPayment('outcome-unknown', afterTransitions(compensatedPayment(), 'lateCaptured')),
      approved,
    ],
  ])(
    'stays under review with the evidence that the gateway %s',
    async (_case, payment, outcome) => {
      const { world, requestInquiry } = createInquiryHarness(payment, { inquiries: [outcome] });

      expect(await requestInquiry(now)).toMatchObject({ outcome: 'IN_REVIEW' });

      expect(historyOf(world.stored)).toEqual(historyOf(payment));
      expect(world.evidence).toMatchObject([
        { detail: expect.stringMatching(/^inquired under review: /) },
      ]);
    },
  );

  it.each([inProgress, ambiguous, { outcome: 'not-sent', reason: 'refused' } as const])(
    'retries by the same message without an answer ($outcome)',
    async (outcome) => {
      const { world, requestInquiry } = createInquiryHarness(
        reviewedPayment('outcome-unknown', declinedPayment()),
        {
          inquiries: [outcome, approved],
        },
      );

      await expect(requestInquiry(now)).rejects.toMatchObject({ delayMs: redeliveryBackoffMs[0] });
      world.now = later(inFlightWindowMs + immediateInquiryIntervalMs);
      expect(await requestInquiry(now)).toMatchObject({ outcome: 'IN_REVIEW' });

      expect(world.stored.hintedAt).toBe(world.now.toISOString());
    },
  );

  it.each<[string, (payment: Payment) => Payment]>([
    ['without an operator', (payment) => finishCompensation(payment, [], later(20_000))],
    [
      'by an operator',
      (payment) => finishCompensation(afterTransitions(payment, 'declined'), [], later(20_000)),
    ],
  ])('refunds a seen capture once when its compensation has ended %s', async (_how, ended) => {
    const { world, requestInquiry, inquire } = createInquiryHarness(
      reviewedPayment('no', declinedPayment()),
      {
        inquiries: [approved, approved],
      },
    );
    expect(await requestInquiry(now, '1', 'webhook')).toMatchObject({ outcome: 'IN_REVIEW' });

    world.stored = ended(world.stored);
    expect(world.stored).toMatchObject({ status: 'COMPENSATED', dueAt: expect.any(String) });
    world.now = later(21_000);
    await expect(inquire()).rejects.toMatchObject({ delayMs: 0 });
    expect(world.stored.status).toBe('LATE_CAPTURED');
    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });

    expect(world.refundKeys).toEqual([`rfd:${world.stored.paymentId}-late`]);
  });

  it('makes a payment due whose capture is seen when its compensation ends', async () => {
    const { world, requestInquiry } = createInquiryHarness(
      reviewedPayment('no', declinedPayment()),
      {
        inquiries: [approved],
      },
    );
    const ended = finishCompensation(world.stored, [], later(20_000));
    world.duringInquiry = () => {
      world.stored = ended;
    };

    await requestInquiry(now);

    expect(world.stored).toMatchObject({ status: 'COMPENSATED', dueAt: now.toISOString() });
  });
});
