import type { Verdict } from '../../shared/application/payments/decide-transition.ts';
import { findOut } from '../../shared/application/payments/inquire-conclusively.ts';
import { type Ask, wishOf } from '../../shared/domain/payments/inquiry-request.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { noted } from '../../shared/gateway/recording-gateway.ts';
import { checkLate } from './check-late-capture.ts';
import { meaningOf } from './decide-after-inquiry.ts';
import type { Dependencies, Seen } from './dependencies.ts';
import { Unsent, unsent } from './errors.ts';
import { lookAgain } from './inquire-under-review.ts';
import { dueOf, scheduledOf } from './inquiry-due.ts';
import { recordSeen } from './record-observation.ts';
import { reverse } from './reverse-late-capture.ts';

/** A payment to be asked about as it was read, and whose wish that is where it is not its schedule's. */
export interface Wish {
  readonly payment: Payment;
  readonly ask?: Pick<Ask, 'id' | 'time'>;
}

/** Where a step has left a payment, and when the next one is due; without a time nothing more is to be asked. */
export type Stepped = Pick<Payment, 'status' | 'version' | 'dueAt'>;

/**
 * Of one step. Each inquiry of the schedule raises the version, so that two messages at once ask the PG once; a payment that is compensated
 * may stay as it is, and its steps are told apart by when they were due. Out of turn, the PG is asked for each wish.
 */
export const keyOf = ({ payment: { paymentId, attempt, version, status, dueAt }, ask }: Wish) =>
  JSON.stringify([
    paymentId,
    attempt,
    version,
    ...(ask ? [ask.id] : []),
    ...(!ask && status === 'COMPENSATED' && dueAt !== undefined ? [dueAt] : []),
  ]);

type Step = (deps: Dependencies, payment: Payment, isExtra: boolean) => Promise<Verdict | Seen>;

const steps: Partial<Record<Payment['status'], Step>> = {
  UNKNOWN: async (deps, payment, isExtra) => {
    const finding = await findOut(deps, payment);
    if (finding.outcome === 'not-sent' && !isExtra) throw unsent(deps, payment, finding);

    return meaningOf(finding, payment, { at: deps.clock.now(), isExtra, timings: deps.timings });
  },
  COMPENSATED: checkLate,
  LATE_CAPTURED: reverse,
  IN_REVIEW: lookAgain,
};

/** Asks the PG once about a payment that is due or wished for, and writes what its answer means. */
export const nextStep =
  (deps: Dependencies) =>
  async ({ payment, ask }: Wish): Promise<Stepped> => {
    const step = steps[payment.status];
    if (step === undefined) throw new Error(`There is nothing to ask about ${payment.paymentId}.`);
    const asked = deps.clock.now();
    const isScheduled = Date.parse(scheduledOf(payment) ?? '') <= asked.getTime();
    const { gateway, asked: requests } = noted(deps.gateway);
    const found = await step({ ...deps, gateway }, payment, !isScheduled).catch(
      async (error: unknown) => {
        if (error instanceof Unsent) {
          const dueAt = new Date(asked.getTime() + error.afterMs).toISOString();
          await deps.payments.takenInHand(payment, dueAt);
        }
        throw error;
      },
    );
    const heard = { ...(requests.length > 0 && { asked: requests }), ...wishOf(ask) };
    const inquiredAt = asked.toISOString();
    if ('seen' in found) {
      const dueAt = await recordSeen(deps, { payment, found, heard, inquiredAt, isWish: !!ask });

      return { status: payment.status, version: payment.version, ...(dueAt && { dueAt }) };
    }
    const change = { ...found.change, inquiredAt };
    const after = await deps.record(payment, { ...found, ...heard, change });

    return { status: after.status, version: after.version, dueAt: dueOf(after) };
  };
