import { describe, expect, it } from 'vitest';
import { deriveDisputeReviewId } from '../../../../shared/domain/ids.ts';
import { eventOfChange } from '../../../../shared/domain/outbox/outbox-event.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { replayPaymentEvent } from '../../../../shared/domain/payments/payment-events.ts';
import { buildTimeline } from '../../../../shared/domain/timeline/timeline.ts';
import type { GatewayDispute } from '../../../../shared/gateway/payment-gateway.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { anEndedPayment } from '../difference-harness.ts';

const dispute = (status: GatewayDispute['status'], id = 'dp_1'): GatewayDispute => ({
  id,
  amount: 3_000,
  status,
});

const at = later(3_600).toISOString();

/** The event of the last version of a payment. */
const lastEvent = (before: Payment, after: Payment) =>
  eventOfChange({ of: 'payment', before, after });

/** The entries of the timeline with what happened to a completed payment. */
const shownAfterCapture = (entries: ReturnType<typeof buildTimeline>) =>
  entries.slice(entries.findIndex(({ detail }) => detail === 'PaymentCompleted') + 1);

describe('a dispute at the gateway', () => {
  it('is shown in the timeline with its events', async () => {
    const { compare, disputes, stored } = anEndedPayment();
    disputes(dispute('lost'));

    await compare();

    expect(shownAfterCapture(buildTimeline(stored()))).toMatchObject([
      { kind: 'transition', detail: 'dispute dp_1 of 3000 KRW opened at the gateway' },
      { kind: 'event', detail: 'PaymentDisputed' },
      { kind: 'transition', detail: 'dispute dp_1 of 3000 KRW lost' },
      { kind: 'event', detail: 'DisputeClosed' },
    ]);
  });

  it('is stored with its event and opens one review, for any number of inquiries', async () => {
    const { compare, disputes, stored, reviews } = anEndedPayment();
    const before = stored();
    disputes(dispute('open'));

    await compare();
    await compare();

    const after = stored();
    expect(after).toMatchObject({
      status: 'COMPLETED',
      version: before.version + 1,
      dispute: { ...dispute('open'), openedAt: at },
    });
    expect(lastEvent(before, after)).toMatchObject({
      name: 'PaymentDisputed',
      id: `${after.paymentId}-${after.version}`,
      data: { disputeId: 'dp_1', disputedAmount: 3_000, amount: after.amount },
    });
    expect(reviews()).toMatchObject([
      {
        reviewId: deriveDisputeReviewId(after.paymentId, 'dp_1', 'disputed'),
        kind: 'dispute',
        code: 'disputed',
        status: 'OPEN',
        amountAtRisk: 3_000,
      },
    ]);
  });

  it('closes its review when it is won', async () => {
    const { compare, disputes, stored, reviews } = anEndedPayment();
    disputes(dispute('open'));
    await compare();
    const before = stored();
    disputes(dispute('won'));

    await compare();

    expect(stored().dispute).toEqual({ ...dispute('won'), openedAt: at, closedAt: at });
    expect(lastEvent(before, stored())).toMatchObject({
      name: 'DisputeClosed',
      data: { disputeId: 'dp_1', outcome: 'won' },
    });
    expect(reviews()).toMatchObject([
      { code: 'disputed', status: 'RESOLVED', audit: [{ reason: 'The dispute was won.' }] },
    ]);
  });

  it('leaves a review of the loss when it is lost', async () => {
    const { compare, disputes, reviews } = anEndedPayment();
    disputes(dispute('open'));
    await compare();
    disputes(dispute('lost'));

    await compare();
    await compare();

    expect(reviews()).toMatchObject([
      { code: 'disputed', status: 'RESOLVED' },
      { code: 'dispute-lost', kind: 'dispute', status: 'OPEN', amountAtRisk: 3_000 },
    ]);
  });

  it('has both events if it was opened and closed between two inquiries', async () => {
    const { compare, disputes, stored, reviews } = anEndedPayment();
    disputes(dispute('lost'));

    await compare();

    expect(stored().history.slice(-2)).toMatchObject([
      { event: 'PaymentDisputed' },
      { event: 'DisputeClosed' },
    ]);
    expect(replayPaymentEvent(stored(), 'DisputeClosed')).toMatchObject({
      data: { outcome: 'lost' },
    });
    expect(reviews().map(({ code, status }) => [code, status])).toEqual([
      ['disputed', 'RESOLVED'],
      ['dispute-lost', 'OPEN'],
    ]);
  });

  it('is followed by another one with its own review', async () => {
    const { compare, disputes, stored, reviews } = anEndedPayment();
    disputes(dispute('won'));
    await compare();
    disputes(dispute('open', 'dp_2'));

    await compare();

    expect(stored().dispute).toMatchObject({ id: 'dp_2', status: 'open' });
    expect(reviews().filter(({ status }) => status === 'OPEN')).toHaveLength(1);
  });

  it('opens one review for concurrent inquiries', async () => {
    const { compare, disputes, stored, reviews } = anEndedPayment();
    const { version } = stored();
    disputes(dispute('open'));

    await Promise.allSettled([compare(), compare(), compare()]);

    expect(stored().version).toBe(version + 1);
    expect(reviews()).toHaveLength(1);
  });

  it('is not stored on a payment that was reversed', async () => {
    const { compare, disputes, stored, reviews } = anEndedPayment({ status: 'REVERSED' });
    disputes(dispute('open'));

    await compare();

    expect(stored()).not.toHaveProperty('dispute');
    expect(reviews()).toEqual([]);
  });
});

describe('a refund made at the gateway', () => {
  it('is stored with its event, and again when it is taken back there', async () => {
    const { compare, holds, stored } = anEndedPayment();
    holds(5_000, 1_000);
    const before = stored();

    await compare();

    const refunded = stored();
    expect(refunded.refundedElsewhere).toBe(1_000);
    expect(lastEvent(before, refunded)).toMatchObject({
      name: 'PaymentRefundedElsewhere',
      data: { refundedElsewhere: 1_000 },
    });
    holds(5_000, 0);

    await compare();

    expect(stored().refundedElsewhere).toBe(0);
    expect(shownAfterCapture(buildTimeline(stored()))).toMatchObject([
      { detail: '1000 KRW refunded at the gateway and not by this service' },
      { detail: 'PaymentRefundedElsewhere' },
      { detail: '0 KRW refunded at the gateway and not by this service' },
      { detail: 'PaymentRefundedElsewhere' },
    ]);
    expect(lastEvent(refunded, stored())).toMatchObject({ data: { refundedElsewhere: 0 } });
  });
});
