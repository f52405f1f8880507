import { afterEach, expect, it, vi } from 'vitest';
import { createRecordChargeOutcome } from '../../../../shared/application/payments/record-charge-outcome.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';

const reserved = aPayment();
const at = (seconds: number) => new Date(Date.parse(reserved.createdAt) + seconds * 1_000);

const createRecorder = (seconds: number, result: 'written' | 'version-conflict' = 'written') =>
  createRecordChargeOutcome({
    payments: {
      tryUpdate: async () => true,
      recordEvidence: async () => true,
      recordHint: async () => true,
    },
    capturePayment: async () => result,
    clock: { now: () => at(seconds) },
    by: 'test',
  });

const captured = { transition: 'captured', detail: 'approved' } as const;
const metricsOf = async (work: Promise<Payment>, lines = captureMetrics()) => {
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
])(
  'records a final status after %i s as within the objective: %s',
  async (seconds, withinObjective) => {
    const record = createRecorder(seconds);

    expect(await metricsOf(record(afterTransitions(reserved, 'claimed'), captured))).toEqual([
      { withinObjective, TimeToFinalStatus: seconds * 1_000 },
    ]);
  },
);

it('records no time for an outcome that is not final', async () => {
  const record = createRecorder(3);
  const unknown = { transition: 'outcomeUnknown', detail: 'timeout' } as const;

  expect(await metricsOf(record(afterTransitions(reserved, 'claimed'), unknown))).toEqual([]);
});

it('records no time on a version conflict', async () => {
  const record = createRecorder(3, 'version-conflict');

  expect(await metricsOf(record(afterTransitions(reserved, 'claimed'), captured))).toEqual([]);
});

it('records the first final status only, not a late capture after a failure', async () => {
  const record = createRecorder(60);
  const compensated = afterTransitions(reserved, 'holdReleased', 'compensated');
  const late = { transition: 'lateCaptured', detail: 'captured late' } as const;

  expect(await metricsOf(record(compensated, late))).toEqual([]);
});
