import type { Payment } from '../../shared/domain/payment.ts';
import { chargeOf } from '../../shared/pg/charge-key.ts';
import type { ChargeOutcome } from '../../shared/pg/port.ts';
import { nothingToCharge } from '../../shared/pg/verdict.ts';
import type { Dependencies } from './dependencies.ts';

/** The PG's answer to a claimed payment. One that is older than the PG's memory for keys is left to be inquired about. */
export const askPg = async (
  { gateway, clock, timings }: Pick<Dependencies, 'gateway' | 'clock' | 'timings'>,
  payment: Payment,
): Promise<ChargeOutcome> => {
  const { amount, createdAt, paymentMethod } = payment;
  const now = clock.now();
  if (amount === 0) return nothingToCharge(now);
  if (now.getTime() - Date.parse(createdAt) > timings.keyLifetimeMs) {
    return {
      outcome: 'ambiguous',
      reason: 'not sent again, for the PG may have forgotten its key',
    };
  }

  return gateway.charge({ ...chargeOf(payment), paymentMethod });
};
