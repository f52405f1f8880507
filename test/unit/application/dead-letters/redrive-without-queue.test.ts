import { describe, expect, it } from 'vitest';
import { maxRedrives } from '../../../../shared/application/dead-letters/redrive.ts';
import { replayPaymentEvent } from '../../../../shared/domain/payments/payment-events.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import {
  createDeadLetterHarness,
  stored,
  toFailedBatch,
  toMessageBody,
  toPointer,
} from './harness.ts';

describe('redrive without a source queue', () => {
  it('is republished with a redrive count and skipped after the maximum', async () => {
    const { put, redrive, visibleIds, published } = createDeadLetterHarness();
    const failed = replayPaymentEvent(stored.failed, 'PaymentFailed');
    for (let times = 0; times <= maxRedrives; times += 1)
      put('compensation-undelivered', toMessageBody(failed, times));

    const results = await redrive('compensation-undelivered', { isDryRun: false });

    expect(results.map(({ redrives, outcome }) => [redrives, outcome])).toEqual([
      ...[0, 1, 2].map((times) => [times, 'redriven']),
      [3, 'skipped'],
    ]);
    expect(published).toEqual([1, 2, 3].map((redrives) => ({ id: failed.id, redrives })));
    expect(visibleIds('compensation-undelivered')).toHaveLength(1);
  });

  it.each([
    ['a refund', { refundId: 'rfd_settled' }, ['rfd_settled-1', 'rfd_settled-2']],
    ['an order', { orderId: 'ord_gone' }, ['ord_gone-3']],
    [
      'points, with their correction',
      { userId: 'alice', entry: 'PAYMENT#pay_paid' },
      ['points_pay_paid-1', 'points_pay_paid-2'],
    ],
  ])('replays from the table a pointer to %s', async (_what, keys, ids) => {
    const { put, redrive, published, delays } = createDeadLetterHarness();
    put('relay-undeliverable', toPointer(keys));

    await redrive('relay-undeliverable', { isDryRun: false, ratePerSecond: 4 });

    expect(published.map(({ id }) => id)).toEqual(ids);
    expect(delays).toEqual(ids.map(() => 250));
  });

  it('replays only events of the batch interval and the table, whatever changed since', async () => {
    const { put, redrive, published } = createDeadLetterHarness();
    // The payment completed 2 s after noon; a refund changed it 10 s after noon.
    put('relay-failures', toFailedBatch('Payments', later(2), later(2)));

    await redrive('relay-failures', { isDryRun: false });

    const ids = published.map(({ id }) => id);
    const { partlyRefunded, completed } = stored;
    expect(ids).toEqual(
      expect.arrayContaining([`${partlyRefunded.paymentId}-3`, `${completed.paymentId}-3`]),
    );
    expect(ids).not.toContain('rfd_requested-1');
  });

  it('pauses once for each event of a batch', async () => {
    const { put, redrive, published, delays } = createDeadLetterHarness();
    put('relay-failures', toFailedBatch('Payments', later(2), later(2)));

    await redrive('relay-failures', { isDryRun: false, ratePerSecond: 4 });

    expect(published.length).toBeGreaterThan(1);
    expect(delays).toEqual(published.map(() => 250));
  });

  it('replays the points that a batch added, whatever corrected them since', async () => {
    const { put, redrive, published } = createDeadLetterHarness();
    put('relay-failures', toFailedBatch('LoyaltyPoints', later(1), later(1)));

    await redrive('relay-failures', { isDryRun: false });

    expect(published.map(({ id }) => id)).toEqual(['points_pay_paid-1']);
  });
});
