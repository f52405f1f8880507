import type { Payment } from '../../shared/domain/payment.ts';
import { verdictOf } from '../../shared/pg/verdict.ts';
import { type Done, Postponed } from '../../shared/runtime/queue-handler.ts';
import { askPg } from './ask-pg.ts';
import { claim, expire } from './claim.ts';
import type { Dependencies } from './dependencies.ts';
import { dueIn, waitOf } from './due.ts';

/** Charges a reserved payment at the PG. Whoever holds the claim calls; nobody ever calls on a guess. */
export const chargePayment =
  (deps: Dependencies) =>
  async (paymentId: string): Promise<Done> => {
    const payment = await deps.payments.existing(paymentId);
    if (payment.status === 'CHARGING') return told(await expire(deps, payment));
    if (payment.status !== 'RESERVED') return told(payment);

    const claimed = await claim(deps, payment);
    const verdict = verdictOf(await askPg(deps, claimed), claimed.attempt);
    const after = await deps.record(claimed, dueIn(deps, claimed, verdict));
    if (verdict.transition === 'unsent') throw new Postponed(verdict.detail, waitOf(deps, after));

    return told(after);
  };

const told = ({ status, paymentId, orderId, version, attempt }: Payment): Done => {
  return { outcome: status, paymentId, orderId, version, attempt };
};
