import { describe, expect, it } from 'vitest';
import { finishCompensation } from '../../../../shared/domain/compensation/compensation.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import type {
  InquiryOutcome,
  RefundInquiryOutcome,
  RefundOutcome,
} from '../../../../shared/gateway/payment-gateway.ts';
import { DeferredError } from '../../../../shared/lambda/message-deferral.ts';
import {
  anUnknownPayment,
  approved,
  createInquiryHarness,
  inProgress,
  later,
  notFound,
  refunded,
} from './harness.ts';

const {
  inFlightWindowMs,
  inquiryBackoffMs,
  gatewayIdempotencyTtlMs,
  lateCaptureCheckDelaysMs,
  redeliveryBackoffMs,
} = timings.local;
const failedAt = inFlightWindowMs;
const [firstCheckMs = 0, secondCheckMs = 0] = lateCaptureCheckDelaysMs;

interface Script {
  /** The gateway's answers to the late capture checks. */
  readonly checks?: readonly InquiryOutcome[];
  readonly refunds?: readonly RefundOutcome[];
  /** The gateway's answer to an inquiry about a refund. */
  readonly refund?: RefundInquiryOutcome;
}

/** A compensated payment that was conclusively not charged, due for its first late capture check. */
const createCompensatedHarness = async ({ checks = [], ...paying }: Script = {}) => {
  const inquirer = createInquiryHarness(anUnknownPayment(), {
    inquiries: [notFound, notFound, ...checks],
    ...paying,
  });
  const { world, inquire } = inquirer;
  await expect(inquire()).rejects.toBeInstanceOf(DeferredError);
  const failed = world.stored;
  world.stored = finishCompensation(failed, [], later(failedAt + 500));
  world.now = later(failedAt + firstCheckMs);

  return { ...inquirer, failed };
};

const notSent = { outcome: 'not-sent', reason: 'refused' } as const;
const ambiguous = { outcome: 'ambiguous', reason: 'timeout' } as const;

describe('late capture check', () => {
  it('inquires after the compensation and is not due after the last check', async () => {
    const { world, inquire } = await createCompensatedHarness();
    expect(world.stored).toMatchObject({
      status: 'COMPENSATED',
      dueAt: later(failedAt + firstCheckMs).toISOString(),
      dueShard: expect.any(String),
    });

    await expect(inquire()).rejects.toMatchObject({ delayMs: secondCheckMs });
    world.now = later(failedAt + firstCheckMs + secondCheckMs);
    expect(await inquire()).toMatchObject({ outcome: 'COMPENSATED' });

    expect(world.stored).toMatchObject({ status: 'COMPENSATED', lateCaptureCheck: { count: 2 } });
    expect(world.stored).not.toHaveProperty('dueAt');
    expect(world.stored).not.toHaveProperty('dueShard');
    expect(world.refundKeys).toEqual([]);
  });

  it('waits for the end of the compensation', async () => {
    const { world, failed, inquire } = await createCompensatedHarness({ checks: [approved] });
    world.stored = failed;

    await expect(inquire()).rejects.toMatchObject({ delayMs: redeliveryBackoffMs.at(-1) });

    expect(world.stored).toEqual(failed);
  });

  it('checks again soon if nothing was sent and does not count it', async () => {
    const { world, inquire } = await createCompensatedHarness({ checks: [notSent, approved] });
    const { version } = world.stored;

    const { delayMs } = (await inquire().catch((error) => error)) as DeferredError;
    expect(world.stored).toMatchObject({ status: 'COMPENSATED', version });
    world.now = new Date(world.now.getTime() + delayMs);

    await expect(inquire()).rejects.toMatchObject({ delayMs: 0 });
    expect(world.stored).toMatchObject({ status: 'LATE_CAPTURED' });
  });

  it.each([ambiguous, inProgress])(
    'counts no check without an answer: $outcome',
    async (unanswered) => {
      const { world, inquire } = await createCompensatedHarness({ checks: [unanswered] });

      await expect(inquire()).rejects.toMatchObject({ delayMs: firstCheckMs });

      expect(world.stored).toMatchObject({ status: 'COMPENSATED', lateCaptureCheck: { count: 0 } });
    },
  );
});

describe('late capture', () => {
  it('is refunded once and reversed', async () => {
    const { world, inquire } = await createCompensatedHarness({ checks: [approved] });

    await expect(inquire()).rejects.toMatchObject({ delayMs: 0 });
    expect(world.stored).toMatchObject({ status: 'LATE_CAPTURED', pg: { transactionId: 'tx' } });
    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });

    expect(world.refundKeys).toEqual([`rfd:${world.stored.paymentId}-late`]);
    expect(world.stored).not.toHaveProperty('dueAt');
  });

  it.each([
    ['reversed without a refund if nothing remains', 3_000, []],
    ['refunded for the remaining amount under its own key', 1_000, [[2_000, '-late-2000']]],
  ] as const)('is %s after an external refund', async (_case, refundedThere, expected) => {
    const found = { ...approved, captured: 3_000, refunded: refundedThere };
    const { world, inquire } = await createCompensatedHarness({ checks: [found, found] });

    await expect(inquire()).rejects.toMatchObject({ delayMs: 0 });
    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });

    expect(world.refundRequests).toEqual(
      expected.map(([amount, suffix]) => ({
        amount,
        key: `rfd:${world.stored.paymentId}${suffix}`,
      })),
    );
  });

  it('is reversed with another amount if it was refunded at the gateway', async () => {
    const found = { outcome: 'mismatch', transactionId: 'tx', differences: ['amount'] } as const;
    const { world, inquire } = await createCompensatedHarness({
      checks: [found, { ...found, captured: 5_001, refunded: 5_001 }],
    });

    await expect(inquire()).rejects.toMatchObject({ delayMs: 0 });
    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });

    expect(world.refundRequests).toEqual([]);
  });

  it('retries an unconfirmed refund with the same idempotency key', async () => {
    const { world, inquire } = await createCompensatedHarness({
      checks: [approved],
      refunds: [ambiguous, inProgress],
    });
    const waits: number[] = [];

    for (const _ of [1, 2, 3]) {
      const { delayMs } = (await inquire().catch((error) => error)) as DeferredError;
      waits.push(delayMs);
      world.now = new Date(world.now.getTime() + delayMs);
    }
    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });

    expect(waits).toEqual([0, ...inquiryBackoffMs.slice(0, 2)]);
    expect(world.refundKeys).toHaveLength(3);
    expect(new Set(world.refundKeys).size).toBe(1);
  });

  it('is not reversed while its own refund is still in progress', async () => {
    const shows = (refunded: number) => ({ ...approved, captured: 3_000, refunded });
    const { world, inquire } = await createCompensatedHarness({
      checks: [approved, shows(0), shows(3_000)],
      refunds: [inProgress],
      refund: inProgress,
    });
    for (const _ of [1, 2, 3]) {
      const { delayMs } = (await inquire().catch((error) => error)) as DeferredError;
      world.now = new Date(world.now.getTime() + delayMs);
    }

    expect(world.stored).toMatchObject({ status: 'LATE_CAPTURED', reversalAttempts: 2 });
    expect(world.refundKeys).toHaveLength(1);
  });

  it('counts no attempt if its refund was not sent', async () => {
    const outages = inquiryBackoffMs.flatMap(() => [notSent, notSent]);
    const { world, inquire } = await createCompensatedHarness({
      checks: [approved],
      refunds: outages,
    });
    await expect(inquire()).rejects.toMatchObject({ delayMs: 0 });
    const { version } = world.stored;

    for (const _ of outages) {
      const { delayMs } = (await inquire().catch((error) => error)) as DeferredError;
      world.now = new Date(world.now.getTime() + delayMs);
    }
    expect(world.stored).toMatchObject({ status: 'LATE_CAPTURED', version });

    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });
  });

  it('inquires about a refund with a lost answer and does not refund again', async () => {
    const { world, inquire } = await createCompensatedHarness({
      checks: [approved],
      refunds: [ambiguous],
      refund: refunded,
    });
    await expect(inquire()).rejects.toMatchObject({ delayMs: 0 });
    const { delayMs } = (await inquire().catch((error) => error)) as DeferredError;
    world.now = new Date(world.now.getTime() + delayMs);

    expect(await inquire()).toMatchObject({ outcome: 'REVERSED' });

    expect(world.refundKeys).toHaveLength(1);
    expect(world.stored.history.at(-1)?.gatewayCalls).toMatchObject([
      { operation: 'inquire' },
      { operation: 'inquireRefund' },
    ]);
  });

  it.each<[string, RefundInquiryOutcome, string]>([
    ['reversed if the gateway has its refund', refunded, 'REVERSED'],
    ['reviewed if the gateway does not know it', notFound, 'IN_REVIEW'],
  ])('is not refunded after the key expired: %s', async (_case, refund, outcome) => {
    const { world, inquire } = await createCompensatedHarness({ checks: [approved], refund });
    await expect(inquire()).rejects.toMatchObject({ delayMs: 0 });
    world.now = new Date(world.now.getTime() + gatewayIdempotencyTtlMs + 1);

    expect(await inquire()).toMatchObject({ outcome });

    expect(world.refundKeys).toEqual([]);
  });

  it.each<[string, Script]>([
    [
      'its refund is declined',
      { refunds: [{ outcome: 'declined', code: 'refund_exceeds_captured', reason: 'no' }] },
    ],
    [
      'its refund is never confirmed',
      { refunds: inquiryBackoffMs.map(() => ambiguous).concat(ambiguous) },
    ],
    [
      'it has another amount',
      { checks: [{ outcome: 'mismatch', transactionId: 'tx', differences: ['amount'] }] },
    ],
  ])('goes to a review and keeps its failure code: %s', async (_case, script) => {
    const { world, inquire } = await createCompensatedHarness({ checks: [approved], ...script });

    for (let steps = 0; steps < 20 && world.stored.status !== 'IN_REVIEW'; steps += 1) {
      const postponed = await inquire().catch((error) => error);
      world.now = new Date(world.now.getTime() + (postponed.delayMs ?? 0));
    }

    expect(world.stored).toMatchObject({
      status: 'IN_REVIEW',
      failure: { code: 'not-charged', evidence: expect.stringContaining('; the') },
    });
  });
});
