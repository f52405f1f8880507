import { InvalidAmountError, isAmount } from '../../shared/domain/money.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { advance } from '../../shared/domain/payments/payment-transitions.ts';
import { expireClaim } from '../../shared/domain/payments/recovery.ts';
import { Postponed } from '../../shared/lambda/sqs-handler.ts';
import type { Dependencies } from './dependencies.ts';

type ClaimDependencies = Pick<Dependencies, 'payments' | 'clock' | 'timings'>;

const by = 'charge-payment';

/** RESERVED -> CHARGING, by one charger only. The attempt outlives an unsent try, and with it the PG's key. */
export const claim = async (
  { payments, clock, timings }: ClaimDependencies,
  payment: Payment,
): Promise<Payment> => {
  // It would be held for nothing: no gateway is ever asked for such an amount.
  if (!isAmount(payment.amount)) {
    throw new InvalidAmountError(`Charge of ${payment.paymentId}`, payment.amount);
  }
  const at = clock.now();
  const expiry = new Date(at.getTime() + timings.claimMs).toISOString();
  const claimed = advance(payment, 'claimed', {
    at,
    by,
    change: { attempt: payment.attempt || 1, claimExpiresAt: expiry, dueAt: expiry },
  });
  if (await payments.moved(payment, claimed)) return claimed;
  throw new Postponed('another charger was first', timings.claimMs);
};

/** What a redelivery does with a claim: wait while it lives, then CHARGING -> UNKNOWN, for its holder may have charged. */
export const expire = async (
  { payments, clock, timings }: ClaimDependencies,
  payment: Payment,
): Promise<Payment> => {
  const at = clock.now();
  const expiresAt = Date.parse(payment.claimExpiresAt ?? '');
  const left = expiresAt - at.getTime();
  if (left > 0) throw new Postponed('the claim is alive', left, { until: expiresAt });

  const unknown = expireClaim(payment, { at, by }, timings);
  if (await payments.moved(payment, unknown)) return unknown;
  throw new Postponed('the payment moved meanwhile', 0);
};
