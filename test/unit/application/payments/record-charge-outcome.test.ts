import { afterEach, expect, it, vi } from 'vitest';
import { outcomeRecorder } from '../../../../shared/application/payments/record-charge-outcome.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { publishMeasures } from '../../../../shared/observability/metrics.ts';
import { aPayment } from '../../../support/builders/builders.ts';
import { movedBy } from '../../../support/builders/payment-history.ts';
import { listenToMetrics } from '../../../support/capture-metrics.ts';

const reserved = aPayment();
const at = (seconds: number) => new Date(Date.parse(reserved.createdAt) + seconds * 1_000);

const recordedAfter = (seconds: number, settled: 'settled' | 'superseded' = 'settled') =>
  outcomeRecorder({
    payments: { moved: async () => true, note: async () => true, hint: async () => true },
    settle: async () => settled,
    clock: { now: () => at(seconds) },
    by: 'test',
  });

const captured = { transition: 'captured', detail: 'approved' } as const;
const told = async (work: Promise<Payment>, lines = listenToMetrics()) => {
  await work;
  publishMeasures();

  return lines;
};

afterEach(() => {
  vi.restoreAllMocks();
});

it.each([
  [30, 'in time'],
  [31, 'late'],
])('tells that the final word came after %i s: %s', async (seconds, decided) => {
  const record = recordedAfter(seconds);

  expect(await told(record(movedBy(reserved, 'claimed'), captured))).toEqual([
    { decided, DecisionLatency: seconds * 1_000 },
  ]);
});

it('tells nothing of an answer that decides nothing', async () => {
  const record = recordedAfter(3);
  const unknown = { transition: 'outcomeUnknown', detail: 'timeout' } as const;

  expect(await told(record(movedBy(reserved, 'claimed'), unknown))).toEqual([]);
});

it('tells nothing of an answer that came too late to decide', async () => {
  const record = recordedAfter(3, 'superseded');

  expect(await told(record(movedBy(reserved, 'claimed'), captured))).toEqual([]);
});

it('tells the final word once: what follows a failure does not change it', async () => {
  const record = recordedAfter(60);
  const compensated = movedBy(reserved, 'released', 'compensated');
  const late = { transition: 'lateCaptured', detail: 'captured after all' } as const;

  expect(await told(record(compensated, late))).toEqual([]);
});
