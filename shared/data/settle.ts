import type { Payment } from '../domain/payment.ts';
import type { Books } from './books.ts';
import type { Write } from './expression.ts';
import { commit, type Step } from './transaction.ts';

/** Settled; or somebody else moved the payment first; or a book has less held than the payment's reservation says. */
export type Settled = 'settled' | 'superseded' | 'books-disagree';

const refusedBy = (why: Exclude<Settled, 'settled'>) => () => why;

/**
 * Books a capture in one transaction: payment COMPLETED, order paid, held -> spent, reserved -> sold, and whatever else is to be true with
 * it; or nothing of it.
 */
export const settleIn =
  ({ db, orders, payments, balances, products }: Books) =>
  async (before: Payment, after: Payment, alongside: readonly Write[] = []): Promise<Settled> => {
    const { balance = 0, lines = [] } = before.reservation ?? {};
    const moves = [payments.move(before, after), ...alongside];
    const bookings = [
      orders.complete(after),
      ...(balance > 0 ? [balances.spend(after, balance)] : []),
      ...lines.map(products.sell),
    ];
    const steps: Step<Exclude<Settled, 'settled'>>[] = [
      ...moves.map((write) => ({ write, refused: refusedBy('superseded') })),
      ...bookings.map((write) => ({ write, refused: refusedBy('books-disagree') })),
    ];
    const [refused = 'settled'] = await commit(db, steps);

    return refused;
  };
