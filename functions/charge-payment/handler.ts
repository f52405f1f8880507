import type { Payment } from '../../shared/domain/payments/payment.ts';
import { type Done, Postponed } from '../../shared/lambda/sqs-handler.ts';
import { isUnsent, tryCharge } from './attempt-charge.ts';
import { askPg, outcomeWithoutPg } from './charge-gateway.ts';
import { expire } from './claim.ts';
import type { Dependencies } from './dependencies.ts';
import { waitOf } from './next-due.ts';
import { release, releasedOf } from './release-hold.ts';

/**
 * Charges a reserved payment at the PG, unless its hold has expired or its buyer has cancelled it. Whoever holds the claim calls; nobody
 * ever calls on a guess. While the PG takes nothing, the payment waits as it is: nothing of it is written.
 */
export const chargePayment =
  (deps: Dependencies) =>
  async (paymentId: string): Promise<Done> => {
    const payment = await deps.payments.existing(paymentId);
    if (payment.status === 'CHARGING') return told(await expire(deps, payment));
    if (payment.status !== 'RESERVED') return told(payment);
    const released = releasedOf(deps, payment);
    if (released !== undefined) return told(await release(deps, payment, released));

    const known = outcomeWithoutPg(deps, payment);
    const tried = known
      ? await tryCharge(deps, payment, async () => known)
      : await deps.breaker(() => tryCharge(deps, payment, askPg));
    if (tried === undefined) throw new Postponed('the PG is left alone', waitOf(deps, payment));
    const { after, verdict } = tried;
    if (isUnsent(tried)) throw new Postponed(verdict.detail, waitOf(deps, after));

    return told(after);
  };

const told = ({ status, paymentId, orderId, version, attempt }: Payment): Done => {
  return { outcome: status, paymentId, orderId, version, attempt };
};
