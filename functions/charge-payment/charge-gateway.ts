import { zeroAmountApproval } from '../../shared/application/payments/decide-transition.ts';
import { chargeReferenceOf } from '../../shared/domain/payments/charge-idempotency-key.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { ChargeOutcome } from '../../shared/gateway/payment-gateway.ts';
import type { ChargeDependencies } from './dependencies.ts';

/** The outcome of a charge that the PG is not asked for, if this is one: there is nothing to charge. */
export const outcomeWithoutGateway = (
  { clock }: Pick<ChargeDependencies, 'clock'>,
  { amount }: Payment,
): ChargeOutcome | undefined => (amount === 0 ? zeroAmountApproval(clock.now()) : undefined);

/**
 * The PG's answer to a claimed payment. What it gives as its reason goes to the buyer, to the bus and to who listens there; how the payment
 * is paid does not, also where the PG repeats it ("No such PaymentMethod: ...").
 */
export const chargeGateway = async (
  { gateway }: Pick<ChargeDependencies, 'gateway'>,
  payment: Payment,
): Promise<ChargeOutcome> => {
  const { paymentMethod } = payment;
  const outcome = await gateway.charge({ ...chargeReferenceOf(payment), paymentMethod });
  if (!('reason' in outcome)) return outcome;

  return { ...outcome, reason: outcome.reason.replaceAll(paymentMethod, '(payment method)') };
};
