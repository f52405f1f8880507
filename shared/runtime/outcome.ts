import type { Payments } from '../data/payments.ts';
import type { settleIn } from '../data/settle.ts';
import type { Clock } from '../domain/clock.ts';
import { decidedWithinMs } from '../domain/metrics.ts';
import { isDecided, type Payment } from '../domain/payment.ts';
import { advance, mayMove } from '../domain/transitions.ts';
import type { Verdict } from '../pg/verdict.ts';
import { measure } from './measure.ts';
import { logger } from './observability.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'moved' | 'note'>;
  readonly settle: ReturnType<typeof settleIn>;
  readonly clock: Clock;
  /** The function that asked the PG. */
  readonly by: string;
}

/** Keeps beside the payment what the PG said where it moves nothing. */
export const evidenceKeeper =
  ({ payments, clock, by }: Pick<Dependencies, 'payments' | 'clock' | 'by'>) =>
  (payment: Payment, detail: string): Promise<boolean> =>
    payments.note(payment, { at: clock.now().toISOString(), by, detail });

export type RecordOutcome = (asked: Payment, verdict: Verdict) => Promise<Payment>;

/**
 * Writes what the PG's answer means, if the payment is still as it was when the PG was asked. Where it is not, another write has decided
 * meanwhile: the answer is kept beside the payment as evidence and moves nothing. Gives the payment as it was written, or as it was.
 */
export const outcomeRecorder =
  ({ payments, settle, clock, by }: Dependencies): RecordOutcome =>
  async (asked, { transition, detail, change }) => {
    const keep = evidenceKeeper({ payments, clock, by });
    const after = advance(asked, transition, {
      at: clock.now(),
      by,
      detail,
      ...(change && { change }),
    });
    const written =
      transition === 'captured'
        ? await settle(asked, after)
        : (await payments.moved(asked, after)) && 'settled';
    if (written === 'settled') {
      tellDecision(asked, after);

      return after;
    }
    // What is under review already stays there.
    if (written === 'books-disagree' && mayMove(asked, 'reviewOpened')) {
      const review = unbookable(asked, { at: clock.now(), by, evidence: detail });
      if (await payments.moved(asked, review)) return review;
    }
    const { paymentId, attempt } = asked;
    const why =
      written === 'books-disagree'
        ? 'the books cannot take it'
        : `too late for version ${asked.version}, attempt ${attempt}`;
    logger.warn('outcome refused', { paymentId, attempt, why, detail });
    await keep(asked, `${why}: ${detail}`);

    return asked;
  };

/** How long the buyer had to wait for the final word, which is told once: it does not change any more. */
const tellDecision = (before: Payment, after: Payment): void => {
  if (isDecided(before) || !isDecided(after)) return;
  const took = Date.parse(after.updatedAt) - Date.parse(after.createdAt);
  measure('DecisionLatency', took, { decided: took <= decidedWithinMs ? 'in time' : 'late' });
};

/** The PG has the money and our books cannot take it: a person must look, and nothing is given back. */
const unbookable = (
  asked: Payment,
  { at, by, evidence }: { at: Date; by: string; evidence: string },
): Payment => {
  const reason = 'The charge was approved, but the held balance, stock or order did not match it.';

  return advance(asked, 'reviewOpened', {
    at,
    by,
    detail: reason,
    change: { failure: { code: 'books-disagree', reason, evidence } },
  });
};
