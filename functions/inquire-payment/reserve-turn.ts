import type { Payment } from '../../shared/domain/payments/payment.ts';
import { DeferredError } from '../../shared/lambda/message-deferral.ts';
import type { InquiryDependencies } from './inquiry-message.ts';

/**
 * Takes the next inquiry out of turn about a payment, by a conditional write; throws Postponed where the last one is too recent. A message
 * that waits for its turn mostly finds then that another one has asked since.
 */
export const reserveTurn = async (
  { payments, clock, timings }: InquiryDependencies,
  payment: Payment,
): Promise<void> => {
  const now = clock.now().getTime();
  const { immediateInquiryIntervalMs: intervalMs } = timings;
  const remainingMs = Date.parse(payment.lastImmediateInquiryAt ?? '') + intervalMs - now;
  const deferredFor = (ms: number) =>
    new DeferredError(`${payment.paymentId} was asked about out of turn a moment ago`, ms);
  if (remainingMs > 0) throw deferredFor(remainingMs);
  const isReserved = await payments.reserveInquiry(
    payment,
    new Date(now).toISOString(),
    new Date(now - intervalMs).toISOString(),
  );
  // It has moved, or another message was faster: read anew, it says how long to wait.
  if (!isReserved) throw deferredFor(timings.redeliveryBackoffMs[0] ?? 0);
};
