import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRequestRefund } from '../../../../shared/application/refunds/request-refund.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { createRefundRequestHarness, reason } from './harness.ts';

describe('request refund with a repeated idempotency key', () => {
  it('makes one refund for concurrent requests in any order of reads and writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const harness = createRefundRequestHarness({
          turn: () => scheduler.schedule(Promise.resolve()),
        });
        const { paymentId } = harness.paid.payment;
        const request = createRequestRefund(harness.stores);
        const repeat = () =>
          request(
            {
              refundId: 'rfd_1',
              userId: 'alice',
              paymentId,
              selection: { amount: 6_000 },
              reason,
              requestHash: 'h',
              by: 'test',
            },
            later(60),
          );

        const requested = await scheduler.waitFor(Promise.all([repeat(), repeat(), repeat()]));

        expect(requested.filter(({ replayed }) => !replayed)).toHaveLength(1);
        expect(harness.refunds()).toHaveLength(1);
        expect(harness.payment()).toMatchObject({ refundPending: 6_000 });
      }),
    );
  });
});
