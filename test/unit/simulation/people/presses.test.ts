import { describe, expect, it } from 'vitest';
import { startPresses } from '../../../simulation/people/presses.ts';
import { createFakeShop } from './fake-shop.ts';

const payment = (status: string, version: number) => ({
  paymentId: `pay_${version}`,
  userId: 'alice',
  status,
  version,
});

const pressAfter = async (presses: number, isCalm: boolean, from = 'RESERVED') => {
  const fake = createFakeShop();
  startPresses(fake.shop, { presses });
  if (isCalm) fake.calmDown();
  for (let version = 1; version <= 60; version += 1)
    fake.write({
      table: 'Payments',
      before: payment(from, version - 1),
      after: payment('CHARGING', version),
    });
  await fake.settle();
  expect(fake.errors).toEqual([]);

  return fake;
};

describe('startPresses', () => {
  it('presses buttons within 150 ms, and not more often than the cast says', async () => {
    const { requests, started } = await pressAfter(5, false);

    expect(started).toHaveLength(5);
    const firstByPath = new Map(requests.toReversed().map(({ at, request }) => [request.path, at]));
    expect(firstByPath.size).toBe(5);
    for (const at of firstByPath.values()) expect(at).toBeLessThanOrEqual(150);
  });

  it('presses nothing without a change of the status', async () => {
    expect((await pressAfter(5, false, 'CHARGING')).started).toEqual([]);
  });

  it('presses nothing after the calm', async () => {
    expect((await pressAfter(5, true)).requests).toEqual([]);
  });
});
