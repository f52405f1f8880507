import type { Payment } from '../../shared/domain/payment.ts';
import type { Verdict } from '../../shared/pg/verdict.ts';
import type { Dependencies } from './dependencies.ts';
import { findOut } from './find-out.ts';
import { checkLate } from './late-check.ts';
import { meaningOf } from './meaning.ts';
import { reverse } from './reverse.ts';

/** Where a step has left a payment, and when the next one is due; without a time nothing more is to be asked. */
export type Stepped = Pick<Payment, 'status' | 'version' | 'dueAt'>;

/** Of one step: each raises the version, so that two messages at once ask the PG once. */
export const keyOf = ({ paymentId, attempt, version }: Payment) =>
  JSON.stringify([paymentId, attempt, version]);

const steps: Partial<
  Record<Payment['status'], (deps: Dependencies, payment: Payment) => Promise<Verdict>>
> = {
  UNKNOWN: async (deps, payment) =>
    meaningOf(await findOut(deps, payment), payment, deps.clock.now(), deps.timings),
  COMPENSATED: checkLate,
  LATE_CAPTURED: reverse,
};

/** When the PG is to be asked about a payment, if ever. While a failure is being compensated, it waits for the end of that. */
export const dueOf = ({ status, dueAt, lateCheck }: Payment): string | undefined => {
  if (status === 'FAILED') return lateCheck?.dueAt;

  return status in steps ? dueAt : undefined;
};

/** Asks the PG once about a payment that is due, and writes what its answer means. */
export const nextStep =
  (deps: Dependencies) =>
  async (payment: Payment): Promise<Stepped> => {
    const step = steps[payment.status];
    if (step === undefined) throw new Error(`There is nothing to ask about ${payment.paymentId}.`);
    const after = await deps.record(payment, await step(deps, payment));

    return { status: after.status, version: after.version, dueAt: dueOf(after) };
  };
