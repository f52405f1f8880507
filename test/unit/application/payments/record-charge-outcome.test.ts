import { afterEach, expect, it, vi } from 'vitest';
import { createRecordChargeOutcome } from '../../../../shared/application/payments/record-charge-outcome.ts';
import { recordTimeToFinalStatus } from '../../../../shared/application/payments/record-time-to-final-status.ts';
import { canaryBuyer } from '../../../../shared/domain/canary.ts';
import { expireHold } from '../../../../shared/domain/payments/hold-release.ts';
import { openPaymentWithoutMethod } from '../../../../shared/domain/payments/open-payment.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import {
  type PaymentTransitionName,
  transitionPayment,
} from '../../../../shared/domain/payments/payment-transitions.ts';
import { flushMetrics } from '../../../../shared/observability/metrics.ts';
import { anOrder, aPayment } from '../../../support/builders/builders.ts';
import { afterTransitions } from '../../../support/builders/payment-history.ts';
import { captureMetrics } from '../../../support/capture-metrics.ts';

const reserved = aPayment();
const request = { paymentId: 'pay_1', order: anOrder(), requestHash: 'hash' };
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

it('records no time of a canary payment, which is final without the gateway', async () => {
  const canary = { ...afterTransitions(reserved, 'claimed'), userId: canaryBuyer };

  expect(await metricsOf(createRecorder(3)(canary, captured))).toEqual([]);
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

it('records the time since the last payment method, not the time that the buyer took', async () => {
  const record = createRecorder(100);
  const confirmed = {
    ...afterTransitions(reserved, 'claimed', 'declinedKept'),
    updatedAt: at(50).toISOString(),
  };
  const again = transitionPayment(confirmed, 'confirmed', { at: at(90), by: 'test' });

  expect(await metricsOf(record(afterTransitions(again, 'claimed'), captured))).toEqual([
    { withinObjective: 'true', TimeToFinalStatus: 10_000 },
  ]);
});

it.each<[string, readonly PaymentTransitionName[]]>([
  ['at the gateway', ['claimed', 'actionRequired']],
  [
    'at the gateway, of which nothing was known then',
    ['claimed', 'actionRequired', 'outcomeUnknown'],
  ],
])('records no time of a payment that waited for its buyer %s', async (_where, names) => {
  expect(
    await metricsOf(createRecorder(9)(afterTransitions(reserved, ...names), captured)),
  ).toEqual([]);
});

it('records no time of a payment that never had a payment method', async () => {
  const lines = captureMetrics();
  const waiting = openPaymentWithoutMethod(request, at(0), { holdExpiryMs: 1_000 });

  recordTimeToFinalStatus(waiting, expireHold(waiting, at(1), 'test'));
  flushMetrics();

  expect(lines).toEqual([]);
});
