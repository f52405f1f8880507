import type { ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { maxPages } from '../../../../shared/application/dead-letters/redrive-budget.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { later } from '../../../support/builders/refund-generators.ts';
import { createDeadLetterHarness, toFailedBatch } from './harness.ts';

const queue = 'relay-failures';
const paymentCount = 100_000;

/** DynamoDB ends a page at 1 MB: 500 payments of 2 KB. */
const pageItems = 500;

const completed = afterTransitions(aPayment({ paymentId: 'pay_0' }), 'claimed', 'captured');
const idOf = (index: number) => `pay_${index}`;

/** Every 2,000th payment was written at noon, the others weeks before. */
const isOfBatch = (index: number) => index % 2_000 === 0;
const longAgo = '2026-02-01T00:00:00.000Z';

const paymentAt = (index: number): Payment => ({
  ...completed,
  paymentId: idOf(index),
  ...(!isOfBatch(index) && { updatedAt: longAgo }),
});

/** Answers the scans of a table with 100,000 payments, and counts its pages. */
const createLargeTable = () => {
  const payments = Array.from({ length: paymentCount }, (_, index) => paymentAt(index));
  const starts: number[] = [];
  const scan = ({
    ExclusiveStartKey: key,
    ExpressionAttributeValues: values,
  }: ScanCommandInput) => {
    const start = key ? Number(`${key.paymentId}`.slice('pay_'.length)) + 1 : 0;
    starts.push(start);
    const page = payments.slice(start, start + pageItems);
    const last = page.at(-1);

    return {
      Items: page.filter(({ updatedAt }) => updatedAt >= `${values?.[':time']}`),
      ...(start + pageItems < paymentCount &&
        last && { LastEvaluatedKey: { paymentId: last.paymentId } }),
    };
  };

  return { scan, starts };
};

describe('redrive of a batch among 100,000 payments, after a day', () => {
  it('reads a bounded number of pages in a request and goes on after a stop', async () => {
    const { scan, starts } = createLargeTable();
    let stopsAt: string | undefined = `${idOf(20_000)}-3`;
    const { put, redrive, published, visibleIds } = createDeadLetterHarness(
      later(86_500),
      (call, of) => {
        if (call === 'publish' && of === stopsAt) throw new Error('The bus is down.');
      },
      scan,
    );
    put(queue, toFailedBatch('Payments', noon, later(3)));
    const request = { isDryRun: false, ratePerSecond: 100 };

    const pages: number[] = [];
    const run = async () => {
      const before = starts.length;
      const [result] = await redrive(queue, request).catch(() => [{ outcome: 'failed' }]);
      pages.push(starts.length - before);

      return result?.outcome;
    };
    const outcomes = [await run()];
    stopsAt = undefined;
    while (outcomes.at(-1) !== 'redriven' && outcomes.length < 10) outcomes.push(await run());

    expect(outcomes).toEqual(['failed', 'continued', 'redriven']);
    for (const count of pages) expect(count).toBeLessThanOrEqual(maxPages);
    // Each page of the table once, and that of the stop twice.
    expect(starts).toHaveLength(paymentCount / pageItems + 1);
    expect(visibleIds(queue)).toEqual([]);
    const expected = Array.from({ length: paymentCount }, (_, index) => index)
      .filter(isOfBatch)
      .flatMap((index) => [`${idOf(index)}-1`, `${idOf(index)}-3`]);
    expect(new Set(published.map(({ id }) => id))).toEqual(new Set(expected));
  });
});
