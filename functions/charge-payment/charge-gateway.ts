import { nothingToCharge } from '../../shared/application/payments/decide-transition.ts';
import { chargeOf } from '../../shared/domain/payments/charge-idempotency-key.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { ChargeOutcome } from '../../shared/gateway/payment-gateway.ts';
import type { Dependencies } from './dependencies.ts';

/** The outcome of a charge that the PG is not asked for, if this is one: there is nothing to charge. */
export const outcomeWithoutPg = (
  { clock }: Pick<Dependencies, 'clock'>,
  { amount }: Payment,
): ChargeOutcome | undefined => (amount === 0 ? nothingToCharge(clock.now()) : undefined);

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
