import { recordTimeToFinalStatus } from '../../shared/application/payments/record-time-to-final-status.ts';
import { InvalidAmountError, isAmount } from '../../shared/domain/money.ts';
import { releaseEndedHold } from '../../shared/domain/payments/hold-release.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../shared/domain/payments/payment-transitions.ts';
import { expireClaim } from '../../shared/domain/payments/recovery.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import { DeferredError } from '../../shared/lambda/message-deferral.ts';
import type { ChargeDependencies } from './dependencies.ts';

type ClaimDependencies = Pick<ChargeDependencies, 'payments' | 'clock' | 'timings'>;

const by = 'charge-payment';

/**
 * When a claimed payment is due: at the due time that it had, so that a claim does not move its entry in the index
 * `byDue`. The sweeper waits for the end of the lease anyway. A due time later than that of a new payment would let
 * a dead charger hold the payment longer, so the end of the lease replaces it.
 */
const claimDueAt = ({ dueAt }: Payment, at: Date, expiry: string, timings: Timings): string =>
  dueAt !== undefined && Date.parse(dueAt) <= at.getTime() + timings.unclaimedTimeoutMs
    ? dueAt
    : expiry;

/**
 * RESERVED -> CHARGING: one charger holds the lease. The attempt number survives an attempt that was not
 * sent, and so does the gateway's idempotency key.
 */
export const claimPayment = async (
  { payments, clock, timings }: ClaimDependencies,
  payment: Payment,
): Promise<Payment> => {
  // The lease would be held in vain: the gateway is never called with such an amount.
  if (!isAmount(payment.gatewayAmount)) {
    throw new InvalidAmountError(`Charge of ${payment.paymentId}`, payment.gatewayAmount);
  }
  const at = clock.now();
  const expiry = new Date(at.getTime() + timings.claimLeaseMs).toISOString();
  const claimed = transitionPayment(payment, 'claimed', {
    at,
    by,
    change: {
      attempt: payment.attempt || 1,
      claimExpiresAt: expiry,
      dueAt: claimDueAt(payment, at, expiry, timings),
    },
  });
  if (await payments.tryUpdate(payment, claimed)) return claimed;
  throw new DeferredError('claimed by another invocation', timings.claimLeaseMs);
};

/**
 * Handles a redelivery of a claimed payment: defers while the lease is active, then CHARGING -> UNKNOWN,
 * because the holder may have charged.
 */
export const expireStaleClaim = async (
  { payments, clock, timings }: ClaimDependencies,
  payment: Payment,
): Promise<Payment> => {
  const at = clock.now();
  const expiresAt = Date.parse(payment.claimExpiresAt ?? '');
  const remainingMs = expiresAt - at.getTime();
  if (remainingMs > 0)
    throw new DeferredError('claim lease active', remainingMs, { until: expiresAt });

  const unknown = expireClaim(payment, { at, by }, timings);
  if (await payments.tryUpdate(payment, unknown)) return unknown;
  throw new DeferredError('version conflict', 0);
};

/** Returns the payment released instead of charged, or undefined if it may be charged. */
export const releaseBeforeCharge = (
  { clock, timings }: Pick<ChargeDependencies, 'clock' | 'timings'>,
  payment: Payment,
): Payment | undefined => releaseEndedHold(payment, clock.now(), by, timings);

/** RESERVED or REQUIRES_METHOD -> FAILED without a charge. */
export const writeRelease = async (
  { payments }: Pick<ChargeDependencies, 'payments'>,
  payment: Payment,
  released: Payment,
): Promise<Payment> => {
  if (!(await payments.tryUpdate(payment, released))) {
    throw new DeferredError('version conflict', 0);
  }
  recordTimeToFinalStatus(payment, released);

  return released;
};
