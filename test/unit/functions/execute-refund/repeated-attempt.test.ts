import { describe, expect, it } from 'vitest';
import { timings } from '../../../../shared/domain/timings.ts';
import { ambiguous, createExecuteRefundHarness, tea } from './harness.ts';

const { inquiryBackoffMs } = timings.local;

describe('a repeated refund attempt', () => {
  it('is answered with what the first one wrote', async () => {
    const { attempt, refund, balance, payment } = createExecuteRefundHarness(tea(1));
    const asRead = refund();
    const first = await attempt(asRead);
    const paidBack = { balance: balance(), payment: payment() };

    expect(await attempt(asRead)).toEqual({ ...first, replayed: true });

    expect(first).toEqual({ value: { status: 'SUCCEEDED', version: 2 }, replayed: false });
    expect({ balance: balance(), payment: payment() }).toEqual(paidBack);
  });

  it('of two at the same time, both call the gateway with one key and one waits', async () => {
    const { deliver, world, refund } = createExecuteRefundHarness(tea(1), {
      refunds: [ambiguous, ambiguous],
    });

    const [first, second] = await Promise.all([deliver(), deliver()]);

    expect(first).toBe(inquiryBackoffMs[0]);
    expect(second).toMatchObject({ outcome: 'duplicate' });
    const keys = world.gatewayCalls.map(([, { key }]) => key);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(refund()).toMatchObject({ attempts: 1 });
  });

  it('is not a duplicate if another function wrote the refund', async () => {
    const { attempt, refund, tables, world } = createExecuteRefundHarness(tea(1));
    const asRead = refund();
    world.duringCall = () => tables.put('Refunds', { ...asRead, version: asRead.version + 1 });

    expect(await attempt(asRead)).toMatchObject({
      value: { status: 'REQUESTED', version: asRead.version },
      replayed: false,
    });
  });
});
