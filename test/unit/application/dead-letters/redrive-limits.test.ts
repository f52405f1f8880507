import { describe, expect, it } from 'vitest';
import { noon } from '../../../support/builders/builders.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import {
  completionBody,
  createDeadLetterHarness,
  stored,
  toFailedBatch,
  toPaymentEventBody,
} from './harness.ts';

const createHarnessWithManyPayments = () => {
  const harness = createDeadLetterHarness();
  for (let index = 0; index < 18; index += 1)
    harness.tables.put('Payments', { ...stored.completed, paymentId: `pay_${index}` });

  return harness;
};

describe('redrive limits', () => {
  it('finds matching messages behind many others, up to the limit', async () => {
    const { put, redrive, visibleIds } = createDeadLetterHarness();
    for (let index = 0; index < 40; index += 1)
      put('update-ranking', toPaymentEventBody(stored.found, 'PaymentCompleted'));
    const wanted = [completionBody, completionBody, completionBody].map((body) =>
      put('update-ranking', body),
    );

    const request = { paymentId: 'pay_completed', limit: 2, isDryRun: false };
    const results = await redrive('update-ranking', request);

    expect(results.map(({ messageId }) => messageId)).toEqual(wanted.slice(0, 2));
    expect(visibleIds('update-ranking')).toHaveLength(41);
  });

  it('redrives within the runtime limit and skips the remaining messages', async () => {
    const { put, redrive, visibleIds, delays } = createHarnessWithManyPayments();
    const [, second] = [1, 2].map(() =>
      put('relay-failures', toFailedBatch('Payments', noon, later(3))),
    );

    const results = await redrive('relay-failures', { isDryRun: false, ratePerSecond: 3 });

    expect(results.map(({ outcome }) => outcome)).toEqual(['redriven', 'skipped']);
    expect(visibleIds('relay-failures')).toEqual([second]);
    expect(delays.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(20_000);
  });

  it('skips a batch whose events exceed the runtime limit at the requested rate', async () => {
    const { put, redrive, visibleIds, published } = createHarnessWithManyPayments();
    const message = put('relay-failures', toFailedBatch('Payments', noon, later(3)));

    const slow = await redrive('relay-failures', { isDryRun: false, ratePerSecond: 1 });
    const leftAt = visibleIds('relay-failures');
    const fast = await redrive('relay-failures', { isDryRun: false, ratePerSecond: 10 });

    expect([slow, fast].map(([result]) => result?.outcome)).toEqual(['skipped', 'redriven']);
    expect(leftAt).toEqual([message]);
    expect(published.length).toBeGreaterThan(20);
  });
});
