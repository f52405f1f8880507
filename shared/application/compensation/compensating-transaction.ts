import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../domain/clock.ts';
import { type Compensation, expectCompensable } from '../../domain/compensation/compensation.ts';
import { Outage } from '../../domain/errors.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { isSkipped, type SkippedBooking } from '../../domain/skipped-booking.ts';
import type { Compensations } from '../../persistence/compensation-repository.ts';
import type { Item, Write } from '../../persistence/dynamodb/expressions.ts';
import { commit } from '../../persistence/dynamodb/transaction.ts';
import type { Payments } from '../../persistence/payment-repository.ts';
import { reportSkipped, skippedBy } from '../payments/skipped-bookings.ts';

interface Stores {
  readonly db: DynamoDBDocumentClient;
  readonly payments: Pick<Payments, 'existing' | 'unmoved'>;
  readonly compensations: Pick<Compensations, 'record'>;
  readonly clock: Clock;
}

type Entry = Pick<Compensation, 'target' | 'delta' | 'outcome'>;

/** What a step records of a payment, and the writes that make the records true. */
export interface Undoing {
  readonly records: readonly [Entry, ...Entry[]];
  readonly writes: readonly Write[];
  /** What is recorded instead where the target cannot take a write. Absent where the plan is made again from what is stored then. */
  readonly instead?: (stored?: Item) => SkippedBooking;
}

/** Gives back so much of a counted thing, or records that there is nothing to give back, or nothing to give it back to. */
export const givingBack = (target: string, delta: number, write: () => Write): Undoing =>
  delta === 0
    ? { records: [{ target, delta, outcome: 'nothing-reserved' }], writes: [] }
    : {
        records: [{ target, delta, outcome: 'restored' }],
        writes: [write()],
        instead: (stored) => skippedBy({ target, delta }, stored),
      };

type Plan = (payment: Payment, at: string) => Undoing | Promise<Undoing>;

/** The outcome of the first record that was written, or that it was there before. */
export type Undone = Compensation['outcome'] | 'already-recorded';

type Refused = 'recorded' | 'changed' | SkippedBooking;

const tries = 4;

/**
 * Undoes part of a failed payment in one transaction with its records. Where they are there already, nothing changes.
 *
 * A target that is gone, or whose counts do not allow the move, is recorded as that and the step is done: a retry would find the same, and
 * so would every new review of it. It is measured, and a person corrects the books.
 *
 * The payment is checked inside the transaction too. FAILED is conclusive but not the end: by way of IN_REVIEW it may become COMPLETED,
 * and a step that read FAILED and writes late would give captured money back out of what other payments hold. Every move raises the
 * version, so the version as read stands for the state and for the journal that tells whose review it is.
 */
export const undoIn =
  ({ db, payments, compensations, clock }: Stores) =>
  async (paymentId: string, plan: Plan): Promise<Undone> => {
    let skipped: SkippedBooking | undefined;
    for (let tried = 1; tried <= tries; tried += 1) {
      const payment = expectCompensable(await payments.existing(paymentId));
      const compensatedAt = clock.now().toISOString();
      const { records, writes, instead } = skipped
        ? recording(skipped)
        : await plan(payment, compensatedAt);
      const refusals = await commit<Refused>(db, [
        ...records.map((record) => ({
          write: compensations.record({ paymentId, ...record, compensatedAt }),
          refused: () => 'recorded' as const,
        })),
        { write: payments.unmoved(payment), refused: () => 'changed' },
        ...writes.map((write) => ({
          write,
          refused: (stored?: Item) => instead?.(stored) ?? 'changed',
        })),
      ]);
      if (refusals.length === 0) {
        reportSkipped({ paymentId }, skipped ? [skipped] : records.filter(isSkipped));

        return records[0].outcome;
      }
      if (refusals.includes('recorded')) return 'already-recorded';
      if (!refusals.includes('changed')) {
        skipped = refusals.find((refusal) => typeof refusal === 'object');
      }
    }
    throw new Outage(`What payment ${paymentId} would give back is not as it was read.`);
  };

/** Nothing was given back, and that is all that a record of it says. */
const recording = ({ target, outcome }: SkippedBooking): Undoing => ({
  records: [{ target, delta: 0, outcome }],
  writes: [],
});

export type Undo = ReturnType<typeof undoIn>;
