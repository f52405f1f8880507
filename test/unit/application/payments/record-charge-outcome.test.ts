import { afterEach, expect, it, vi } from 'vitest';
import { createRecordChargeOutcome } from '../../../../shared/application/payments/record-charge-outcome.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';

const reserved = aPayment();
const at = (seconds: number) => new Date(Date.parse(reserved.createdAt) + seconds * 1_000);

const recordedAfter = (seconds: number, settled: 'settled' | 'version-conflict' = 'settled') =>
  createRecordChargeOutcome({
    payments: {
      tryUpdate: async () => true,
      recordEvidence: async () => true,
      recordHint: async () => true,
    },
    capturePayment: async () => settled,
    clock: { now: () => at(seconds) },
    by: 'test',
  });

const captured = { transition: 'captured', detail: 'approved' } as const;
const linesOf = async (work: Promise<Payment>, lines = captureMetrics()) => {
  await work;
  flushMetrics();

  return lines;
};

afterEach(() => {
  vi.restoreAllMocks();
});

it.each([
  [30, 'true'],
  [31, 'false'],
])('tells that the final word came after %i s: %s', async (seconds, decided) => {
  const record = recordedAfter(seconds);

  expect(await linesOf(record(afterTransitions(reserved, 'claimed'), captured))).toEqual([
    { withinObjective: decided, TimeToFinalStatus: seconds * 1_000 },
  ]);
});

it('tells nothing of an answer that decides nothing', async () => {
  const record = recordedAfter(3);
  const unknown = { transition: 'outcomeUnknown', detail: 'timeout' } as const;

  expect(await linesOf(record(afterTransitions(reserved, 'claimed'), unknown))).toEqual([]);
});

it('tells nothing of an answer that came too late to decide', async () => {
  const record = recordedAfter(3, 'version-conflict');

  expect(await linesOf(record(afterTransitions(reserved, 'claimed'), captured))).toEqual([]);
});

it('tells the final word once: what follows a failure does not change it', async () => {
  const record = recordedAfter(60);
  const compensated = afterTransitions(reserved, 'holdReleased', 'compensated');
  const late = { transition: 'lateCaptured', detail: 'captured after all' } as const;

  expect(await linesOf(record(compensated, late))).toEqual([]);
});
