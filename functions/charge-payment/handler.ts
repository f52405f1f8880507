import type { Payment } from '../../shared/domain/payment.ts';
import { verdictOf } from '../../shared/pg/verdict.ts';
import { type Done, Postponed } from '../../shared/runtime/queue-handler.ts';
import { askPg } from './ask-pg.ts';
import { claim, expire } from './claim.ts';
import type { Dependencies } from './dependencies.ts';
import { writeOutcome } from './outcome.ts';

/** Charges a reserved payment at the PG. Whoever holds the claim calls; nobody ever calls on a guess. */
export const chargePayment =
  (deps: Dependencies) =>
  async (paymentId: string): Promise<Done> => {
    const payment = await deps.payments.find(paymentId);
    if (payment === undefined) throw new Error(`There is no payment ${paymentId}.`);
    if (payment.status === 'CHARGING') return told(await expire(deps, payment));
    if (payment.status !== 'RESERVED') return told(payment);

    const claimed = await claim(deps, payment);
    const verdict = verdictOf(await askPg(deps, claimed), claimed.attempt);
    const after = await writeOutcome(deps, claimed, verdict);
    if (verdict.transition === 'unsent') throw new Postponed(verdict.detail, waitOf(deps, after));

    return told(after);
  };

const told = ({ status, paymentId, orderId, version, attempt }: Payment): Done => ({
  outcome: status,
  paymentId,
  orderId,
  version,
  attempt,
});

/** Half the payment's age, so that a PG that is down is asked ever less often. */
const waitOf = ({ clock, timings }: Dependencies, { createdAt }: Payment): number => {
  const [least, most] = timings.unsentAfterMs;

  return Math.min(Math.max((clock.now().getTime() - Date.parse(createdAt)) / 2, least), most);
};
