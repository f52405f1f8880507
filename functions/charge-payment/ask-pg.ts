import type { Payment } from '../../shared/domain/payment.ts';
import type { ChargeOutcome } from '../../shared/pg/port.ts';
import type { Dependencies } from './dependencies.ts';

/** The PG's answer to a claimed payment. One that its coupon covers is paid without asking. */
export const askPg = async (
  { gateway, clock }: Pick<Dependencies, 'gateway' | 'clock'>,
  { paymentId, attempt, amount, currency, paymentMethod }: Payment,
): Promise<ChargeOutcome> =>
  amount === 0
    ? {
        outcome: 'approved',
        transactionId: 'nothing-to-charge',
        approvedAt: clock.now().toISOString(),
      }
    : gateway.charge({
        key: `chg:${paymentId}:${attempt}`,
        reference: paymentId,
        amount,
        currency,
        paymentMethod,
      });
