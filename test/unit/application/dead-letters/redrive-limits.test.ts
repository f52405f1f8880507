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

  it('redrives within the runtime limit and goes on with the next request', async () => {
    const { put, redrive, visibleIds, delays, published } = createHarnessWithManyPayments();
    for (let count = 0; count < 2; count += 1)
      put('relay-failures', toFailedBatch('Payments', noon, later(3)));

    const first = await redrive('relay-failures', { isDryRun: false, ratePerSecond: 3 });
    const pauses = delays.reduce((sum, pause) => sum + pause, 0);
    const left = visibleIds('relay-failures');
    const second = await redrive('relay-failures', { isDryRun: false, ratePerSecond: 10 });

    expect(first.map(({ outcome }) => outcome)).toEqual(['redriven', 'continued']);
    expect(pauses).toBeLessThanOrEqual(20_500);
    expect(left).toHaveLength(1);
    expect(second.map(({ outcome }) => outcome)).toEqual(['redriven']);
    const counts = Map.groupBy(published, ({ id }) => id);
    expect([...counts.values()].map(({ length }) => length)).toEqual(Array(counts.size).fill(2));
  });
});
