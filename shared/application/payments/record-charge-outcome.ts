import type { Clock } from '../../domain/clock.ts';
import type { Evidence, Payment } from '../../domain/payments/payment.ts';
import { advance, mayMove, type Step } from '../../domain/payments/payment-transitions.ts';
import { logger } from '../../observability/logger.ts';
import type { Payments } from '../../persistence/payment-repository.ts';
import type { settleIn } from './capture-payment.ts';
import type { Verdict } from './decide-transition.ts';
import { measureDecision } from './record-time-to-final-status.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'moved' | 'note' | 'hint'>;
  readonly settle: ReturnType<typeof settleIn>;
  readonly clock: Clock;
  /** The function that asked the PG. */
  readonly by: string;
}

type SeenAtPg = Pick<Evidence, 'detail' | 'asked' | 'wish'>;

interface Keeper extends Pick<Dependencies, 'clock' | 'by'> {
  readonly payments: Pick<Payments, 'note'>;
}

/** Keeps beside the payment what the PG said where it moves nothing; with a time, also that the PG was asked then. */
export const evidenceKeeper =
  ({ payments, clock, by }: Keeper) =>
  (payment: Payment, seen: SeenAtPg, inquiredAt?: string): Promise<boolean> =>
    payments.note(payment, { at: clock.now().toISOString(), by, ...seen }, inquiredAt);

export type RecordOutcome = (before: Payment, verdict: Verdict) => Promise<Payment>;

/**
 * Writes what the PG's answer means, if the payment is still as it was when the PG was asked. Where it is not, another write has decided
 * meanwhile: the answer is kept beside the payment as evidence and moves nothing, but that the PG is asked again about money that it has.
 * Gives the payment as it was written, or as it was.
 */
export const outcomeRecorder =
  ({ payments, settle, clock, by }: Dependencies): RecordOutcome =>
  async (before, verdict) => {
    const { transition, detail, change, asked = [], wish } = verdict;
    const keep = evidenceKeeper({ payments, clock, by });
    const heard = { ...(asked.length > 0 && { asked }), ...(wish && { wish }) };
    const after = advance(before, transition, {
      at: clock.now(),
      by,
      detail,
      ...heard,
      ...(change && { change }),
    });
    const written =
      transition === 'captured'
        ? await settle(before, after)
        : (await payments.moved(before, after)) && 'settled';
    if (written === 'settled') {
      measureDecision(before, after);

      return after;
    }
    // What is under review already stays there.
    if (written === 'books-disagree' && mayMove(before, 'reviewOpened')) {
      const review = unbookable(before, after, { at: clock.now(), by, ...heard }, detail);
      if (await payments.moved(before, review)) return review;
    }
    const { paymentId, attempt } = before;
    const why =
      written === 'books-disagree'
        ? 'the books cannot take it'
        : `too late for version ${before.version}, attempt ${attempt}`;
    logger.warn('outcome refused', { paymentId, attempt, why, detail });
    await keep(before, { detail: `${why}: ${detail}`, ...heard });
    if (saysCaptured(verdict)) await payments.hint(before, clock.now().toISOString());

    return before;
  };

/** The PG has the money, or had it: whatever another write has decided meanwhile, it is asked about that again. */
const saysCaptured = ({ transition, change }: Verdict): boolean =>
  transition === 'captured' ||
  transition === 'lateCaptured' ||
  capturedCodes.includes(change?.failure?.code ?? '');

const capturedCodes: readonly string[] = ['pg-mismatch', 'refunded-at-gateway'];

/** The PG has the money, and the order is cancelled or another payment's: a person must look, and nothing is given back. */
const unbookable = (
  payment: Payment,
  { pg }: Pick<Payment, 'pg'>,
  step: Pick<Step, 'at' | 'by' | 'asked' | 'wish'>,
  evidence: string,
): Payment => {
  const reason =
    'The charge was approved, but its order is cancelled or belongs to another payment.';

  return advance(payment, 'reviewOpened', {
    ...step,
    detail: reason,
    change: { ...(pg && { pg }), failure: { code: 'books-disagree', reason, evidence } },
  });
};
