import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../domain/clock.ts';
import { type Compensation, expectCompensable } from '../domain/compensation.ts';
import { Outage } from '../domain/errors.ts';
import type { Payment } from '../domain/payment.ts';
import type { Compensations } from './compensations.ts';
import type { Write } from './expression.ts';
import type { Payments } from './payments.ts';
import { commit } from './transaction.ts';

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
}

/** Gives back so much of a counted thing, or records that there is nothing to give back. */
export const givingBack = (target: string, delta: number, write: () => Write): Undoing =>
  delta === 0
    ? { records: [{ target, delta, outcome: 'nothing-reserved' }], writes: [] }
    : { records: [{ target, delta, outcome: 'restored' }], writes: [write()] };

type Plan = (payment: Payment, at: string) => Undoing | Promise<Undoing>;

/** The outcome of the first record that was written, or that it was there before. */
export type Undone = Compensation['outcome'] | 'already-recorded';

const tries = 4;

/**
 * Undoes part of a failed payment in one transaction with its records. Where they are there already, nothing changes.
 *
 * The payment is checked inside the transaction too. FAILED is conclusive but not the end: by way of IN_REVIEW it may become COMPLETED,
 * and a step that read FAILED and writes late would give captured money back out of what other payments hold. Every move raises the
 * version, so the version as read stands for the state and for the journal that tells whose review it is.
 */
export const undoIn =
  ({ db, payments, compensations, clock }: Stores) =>
  async (paymentId: string, plan: Plan): Promise<Undone> => {
    for (let tried = 1; tried <= tries; tried += 1) {
      const payment = expectCompensable(await payments.existing(paymentId));
      const compensatedAt = clock.now().toISOString();
      const { records, writes } = await plan(payment, compensatedAt);
      const [obstacle] = await commit(db, [
        ...records.map((record) => ({
          write: compensations.record({ paymentId, ...record, compensatedAt }),
          refused: () => 'recorded' as const,
        })),
        ...[payments.unmoved(payment), ...writes].map((write) => ({
          write,
          refused: () => 'changed' as const,
        })),
      ]);
      if (obstacle === undefined) return records[0].outcome;
      if (obstacle === 'recorded') return 'already-recorded';
    }
    throw new Outage(`What payment ${paymentId} would give back is not as it was read.`);
  };

export type Undo = ReturnType<typeof undoIn>;
