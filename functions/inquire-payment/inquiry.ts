import type { Payment } from '../../shared/domain/payment.ts';
import type { Dependencies } from './dependencies.ts';
import { findOut } from './find-out.ts';
import { meaningOf } from './meaning.ts';

/** Where one inquiry has left a payment. */
export type Inquired = Pick<Payment, 'status' | 'version' | 'dueAt'>;

/** Of one inquiry, so that two messages at once ask the PG once. */
export const keyOf = ({ paymentId, attempt, inquiries = 0 }: Payment) =>
  JSON.stringify([paymentId, attempt, inquiries + 1]);

/** Asks the PG once about a payment of unknown outcome, and writes what that means. */
export const inquiry =
  (deps: Dependencies) =>
  async (payment: Payment): Promise<Inquired> => {
    const finding = await findOut(deps, payment);
    const verdict = meaningOf(finding, payment, deps.clock.now(), deps.timings);
    const { status, version, dueAt } = await deps.record(payment, verdict);

    return { status, version, dueAt };
  };
