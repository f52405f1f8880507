import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RejectionError } from '../../../../shared/domain/errors.ts';
import { deriveConfirmationId, requestHashOf } from '../../../../shared/domain/ids.ts';
import type { InquiryTrigger, Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type { InquiryOutcome } from '../../../../shared/gateway/payment-gateway.ts';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import { anOrder, aPayment, aProduct } from '../../../support/builders/builders.ts';
import { traceparent } from '../../../support/builders/trace.ts';
import { createCheckoutHarness } from '../../../support/harness/checkout-harness.ts';
import { createRefundHarness } from '../../../support/harness/refund-harness.ts';
import { jsonItemSize } from '../../../support/item-size.ts';
import {
  anUnknownPayment,
  approved,
  createInquiryHarness,
  later,
} from '../../functions/inquire-payment/harness.ts';

const maxBytes = 100_000;
const catchRejection = (error: unknown) => {
  if (!(error instanceof RejectionError)) throw error;
};
const { immediateInquiryIntervalMs, inFlightWindowMs } = timings.local;
/** A very long text in a gateway response. */
const longText = '결제 승인 '.repeat(5_000);

describe('many hints about one payment', () => {
  /** Handles many hints, each again when its deferral ends; the gateway sends no news, but long texts. */
  const handleHints = async (
    payment: Payment,
    hints: readonly { ms: number; by: InquiryTrigger['source'] }[],
  ) => {
    const outcomes = hints.map((_, index): InquiryOutcome => {
      return index % 2 === 0
        ? { outcome: 'ambiguous', reason: `${index} ${longText}` }
        : { outcome: 'in-progress' };
    });
    const { world, requestInquiry } = createInquiryHarness(payment, { inquiries: outcomes });
    const start = later(inFlightWindowMs).getTime();
    let now = start;
    const queue = hints.map(({ ms, by }, index) => {
      now += ms;

      return { at: now, sent: now, by, name: `${index}` };
    });
    let handled = 0;
    while (queue.length > 0 && handled < 20_000) {
      queue.sort((one, other) => one.at - other.at);
      const hint = queue.shift();
      if (hint === undefined) break;
      handled += 1;
      world.now = new Date(hint.at);
      await requestInquiry(new Date(hint.sent), hint.name, hint.by).catch((error) => {
        if (!(error instanceof DeferredError)) throw error;
        queue.push({ ...hint, at: hint.at + Math.max(error.delayMs, 1) });
      });
    }

    return { world, seconds: (world.now.getTime() - start) / 1_000 };
  };
  const anyHints = fc.array(
    fc.record({
      ms: fc.integer({ min: 0, max: 1_000 }),
      by: fc.constantFrom<InquiryTrigger['source']>('webhook', 'operator'),
    }),
    { minLength: 100, maxLength: 200 },
  );

  it('keeps the history unchanged and causes one inquiry per ten seconds', async () => {
    await fc.assert(
      fc.asyncProperty(anyHints, async (hints) => {
        const payment = {
          ...anUnknownPayment(),
          inquiryCount: 3,
          dueAt: later(3_600_000).toISOString(),
        };
        const { world, seconds } = await handleHints(payment, hints);

        expect(world.stored.history).toEqual(payment.history);
        expect(world.stored.version).toBe(payment.version);
        expect(world.calls.length).toBeLessThanOrEqual(
          1 + (seconds * 1_000) / immediateInquiryIntervalMs,
        );
        expect(jsonItemSize(world.stored)).toBeLessThan(maxBytes);
      }),
      { numRuns: 10 },
    );
  });

  it('books a capture that the gateway reports afterwards', async () => {
    const payment = {
      ...anUnknownPayment(),
      inquiryCount: 3,
      dueAt: later(3_600_000).toISOString(),
    };
    const { world } = await handleHints(
      payment,
      Array.from({ length: 300 }, () => ({ ms: 200, by: 'webhook' as const })),
    );
    const known = createInquiryHarness(world.stored, { inquiries: [approved] });
    known.world.now = new Date(world.now.getTime() + immediateInquiryIntervalMs);

    expect(await known.requestInquiry(known.world.now)).toMatchObject({ outcome: 'COMPLETED' });
  });
});

describe('payment with 80 skus', () => {
  const order = anOrder({
    userId: 'alice',
    lines: Array.from({ length: 80 }, (_, index) => ({
      sku: `${index}${'茶'.repeat(60)}`,
      quantity: 900,
      unitPrice: 1_001,
    })),
  });
  const at = (seconds: number) => new Date(later(0).getTime() + seconds * 1_000);
  type RefundAttempt = {
    readonly skus: readonly number[];
    readonly outcome: 'paid' | 'declined' | 'lost';
  };
  const anyAttempts = fc.array(
    fc.record({
      skus: fc.uniqueArray(fc.nat(79), { minLength: 1, maxLength: 80 }),
      outcome: fc.constantFrom<RefundAttempt['outcome']>('paid', 'declined', 'lost'),
    }),
    { minLength: 60, maxLength: 120 },
  );

  /** Runs refunds of many lines with long reasons, with cancels in between; the gateway sends long texts. */
  const runRefunds = async (attempts: readonly RefundAttempt[]) => {
    let seconds = 10;
    let outcome: RefundAttempt['outcome'] = 'paid';
    const clock = { now: () => at(seconds) };
    const gatewayOutcomes = {
      paid: { outcome: 'refunded', refundId: 'rfn', refundedAt: at(0).toISOString() },
      declined: { outcome: 'declined', code: 'no', reason: longText },
      lost: { outcome: 'ambiguous', reason: longText },
    } as const;
    const gateway = {
      refund: async () => gatewayOutcomes[outcome],
      inquireRefund: async () => gatewayOutcomes[outcome],
    };
    const { tables, stores } = createCheckoutHarness({
      turn: async () => {},
      gateway: gateway as never,
      clock,
    });
    const paid = {
      ...aPayment({ order }),
      status: 'COMPLETED' as const,
      attempt: 5,
      paymentMethod: 'm'.repeat(300),
      returnUrl: 'u'.repeat(1_000),
      confirmations: [1, 2, 3, 4, 5].map((attempt) => ({
        id: deriveConfirmationId('alice', 'pay_1', `${attempt}`),
        requestHash: requestHashOf({}),
      })),
    };
    tables.put('Payments', paid);
    tables.put('Orders', {
      ...order,
      status: 'COMPLETED',
      activePaymentId: paid.paymentId,
      version: 3,
    });
    tables.put('Balances', { userId: 'alice', available: 0, held: 0, spent: order.total });
    for (const { sku, quantity } of order.lines)
      tables.put('Products', aProduct({ sku, sold: quantity }));
    const refundHarness = createRefundHarness({ tables, stores, gateway: gateway as never, clock });

    for (const [index, attempt] of attempts.entries()) {
      seconds += 10;
      outcome = attempt.outcome;
      const request = {
        buyer: 'alice',
        paymentId: paid.paymentId,
        key: `${index}`,
        requestHash: `${index}`,
        traceparent,
        body: {
          reason: '환'.repeat(500),
          lines: attempt.skus.map((sku) => ({
            sku: order.lines[sku]?.sku ?? '',
            quantity: 1,
            restock: index % 2 === 0,
          })),
        },
      };
      const refund = await refundHarness.requestRefund(request).catch(catchRejection);
      await refundHarness.cancel(request).catch(catchRejection);
      if (refund) await refundHarness.execute(refund.refundId);
    }

    return tables;
  };

  it('stays below 100 KB, like its refunds and order, after any refunds and declines', async () => {
    await fc.assert(
      fc.asyncProperty(anyAttempts, async (attempts) => {
        const tables = await runRefunds(attempts);
        for (const table of ['Payments', 'Refunds', 'Orders'])
          for (const item of tables.items<object>(table))
            expect(jsonItemSize(item), table).toBeLessThan(maxBytes);
      }),
      { numRuns: 2 },
    );
  });
});
