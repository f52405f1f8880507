import type { ChargeAttempt } from '../../../../functions/charge-payment/dependencies.ts';
import { chargePayment, findCharged } from '../../../../functions/charge-payment/handler.ts';
import type { CaptureResult } from '../../../../shared/application/payments/capture-payment.ts';
import { createRecordChargeOutcome } from '../../../../shared/application/payments/record-charge-outcome.ts';
import type { Evidence, Payment } from '../../../../shared/domain/payments/payment.ts';
import { type TimingProfile, timings } from '../../../../shared/domain/timings.ts';
import type { ChargeOutcome, ChargeRequest } from '../../../../shared/gateway/payment-gateway.ts';
import { noon } from '../../../support/builders/builders.ts';

const approved = {
  outcome: 'approved',
  transactionId: 'tx',
  approvedAt: noon.toISOString(),
} as const;

const event = { subject: 'pay_1', id: 'pay_1-1' };

/** One payment with optimistic locking, a gateway with a script, and the charger. */
export const createChargerHarness = (
  stored: Payment | undefined,
  ...script: readonly ChargeOutcome[]
) => {
  const world = {
    stored,
    charges: [] as ChargeRequest[],
    now: new Date(noon),
    captureResult: 'written' as CaptureResult,
    evidence: [] as Evidence[],
    /** The hints recorded for captures that could not be settled. */
    hints: [] as string[],
    whileCharging: () => {},
    /** Loses the answer of the write that settles the payment. */
    loseAnswer: false,
    isCircuitOpen: false,
    profile: 'local' as TimingProfile,
  };
  const getOrThrow = async (paymentId: string) => {
    if (world.stored === undefined) throw new Error(`There is no payment ${paymentId}.`);

    return world.stored;
  };
  const tryUpdate = async (before: Payment, after: Payment) => {
    if (world.stored?.version !== before.version) return false;
    world.stored = after;

    return true;
  };
  const recordEvidence = async (_payment: Payment, evidence: Evidence) =>
    world.evidence.push(evidence) > 0;
  const clock = { now: () => world.now };
  const deps = {
    payments: { getOrThrow, tryUpdate },
    gateway: {
      charge: async (request: ChargeRequest) => {
        const outcome = script[world.charges.length] ?? approved;
        world.charges.push(request);
        world.whileCharging();

        return outcome;
      },
    },
    breaker: async (work: () => Promise<ChargeAttempt>) =>
      world.isCircuitOpen ? undefined : work(),
    record: createRecordChargeOutcome({
      payments: {
        tryUpdate,
        recordEvidence,
        recordHint: async (_payment, at) => world.hints.push(at) > 0,
      },
      capturePayment: async (before, after) => {
        if (world.captureResult !== 'written') return world.captureResult;

        const isWritten = await tryUpdate(before, after);
        if (world.loseAnswer) throw new Error('connection lost');

        return isWritten ? 'written' : 'version-conflict';
      },
      clock,
      by: 'charge-payment',
    }),
    clock,
  } satisfies Omit<Parameters<typeof chargePayment>[0], 'timings'>;

  return {
    world,
    charge: () => chargePayment({ ...deps, timings: timings[world.profile] })(event),
    findCharged: () => findCharged(deps)(event),
  };
};
