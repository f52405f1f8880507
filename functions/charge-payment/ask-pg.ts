import type { Payment } from '../../shared/domain/payment.ts';
import { chargeOf } from '../../shared/pg/charge-key.ts';
import type { ChargeOutcome } from '../../shared/pg/port.ts';
import { nothingToCharge } from '../../shared/pg/verdict.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * The outcome of a charge that the PG is not asked for, if this is one: there is nothing to charge, or it is older than the PG's memory for
 * keys and left to be inquired about.
 */
export const outcomeWithoutPg = (
  { clock, timings }: Pick<Dependencies, 'clock' | 'timings'>,
  { amount, createdAt }: Payment,
): ChargeOutcome | undefined => {
  const now = clock.now();
  if (amount === 0) return nothingToCharge(now);
  if (now.getTime() - Date.parse(createdAt) <= timings.keyLifetimeMs) return undefined;

  return { outcome: 'ambiguous', reason: 'not sent again, for the PG may have forgotten its key' };
};

/**
 * The PG's answer to a claimed payment. What it gives as its reason goes to the buyer, to the bus and to who listens there; how the payment
 * is paid does not, also where the PG repeats it ("No such PaymentMethod: ...").
 */
export const askPg = async (
  { gateway }: Pick<Dependencies, 'gateway'>,
  payment: Payment,
): Promise<ChargeOutcome> => {
  const { paymentMethod } = payment;
  const answer = await gateway.charge({ ...chargeOf(payment), paymentMethod });
  if (!('reason' in answer)) return answer;

  return { ...answer, reason: answer.reason.replaceAll(paymentMethod, '(payment method)') };
};
