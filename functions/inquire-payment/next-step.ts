import { type Ask, wishOf } from '../../shared/domain/ask.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import { findOut } from '../../shared/pg/find-out.ts';
import { noted } from '../../shared/pg/observed-gateway.ts';
import type { Verdict } from '../../shared/pg/verdict.ts';
import type { Dependencies, Seen } from './dependencies.ts';
import { checkLate } from './late-check.ts';
import { lookAgain } from './look-again.ts';
import { meaningOf } from './meaning.ts';
import { reverse } from './reverse.ts';
import { Unsent, unsent } from './unanswered.ts';

/** A payment to be asked about as it was read, and whose wish that is where it is not its schedule's. */
export interface Wish {
  readonly payment: Payment;
  readonly ask?: Pick<Ask, 'id' | 'time'>;
}

/** Where a step has left a payment, and when the next one is due; without a time nothing more is to be asked. */
export type Stepped = Pick<Payment, 'status' | 'version' | 'dueAt'>;

/** Where a wish may be fulfilled without a move. */
const still: readonly Payment['status'][] = ['COMPENSATED', 'IN_REVIEW'];

/** Of one step: each raises the version, so that two messages at once ask the PG once. What may stay as it is, is asked about for each wish. */
export const keyOf = ({ payment: { paymentId, attempt, version, status }, ask }: Wish) =>
  JSON.stringify([paymentId, attempt, version, ...(ask && still.includes(status) ? [ask.id] : [])]);

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

/** When the PG is to be asked about a payment, if ever. While a failure is being compensated, it waits for the end of that. */
export const dueOf = ({ status, dueAt, lateCheck }: Payment): string | undefined => {
  if (status === 'FAILED') return lateCheck?.dueAt;
  // What a person decides is asked about only where somebody has a reason to.
  if (status === 'IN_REVIEW') return undefined;

  return status in steps ? dueAt : undefined;
};

/** Asks the PG once about a payment that is due or wished for, and writes what its answer means. */
export const nextStep =
  (deps: Dependencies) =>
  async ({ payment, ask }: Wish): Promise<Stepped> => {
    const step = steps[payment.status];
    if (step === undefined) throw new Error(`There is nothing to ask about ${payment.paymentId}.`);
    const asked = deps.clock.now();
    const isDue = Date.parse(dueOf(payment) ?? '') <= asked.getTime();
    const { gateway, asked: requests } = noted(deps.gateway);
    const found = await step({ ...deps, gateway }, payment, ask !== undefined && !isDue).catch(
      async (error: unknown) => {
        if (error instanceof Unsent) {
          const dueAt = new Date(asked.getTime() + error.afterMs).toISOString();
          await deps.postpone(payment, dueAt);
        }
        throw error;
      },
    );
    const heard = { ...(requests.length > 0 && { asked: requests }), ...wishOf(ask) };
    if ('seen' in found) {
      await deps.note(payment, { detail: found.seen, ...heard });

      return { status: payment.status, version: payment.version };
    }
    const change = { ...found.change, inquiredAt: asked.toISOString() };
    const after = await deps.record(payment, { ...found, ...heard, change });

    return { status: after.status, version: after.version, dueAt: dueOf(after) };
  };
