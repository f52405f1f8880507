import type { Payment } from '../../shared/domain/payments/payment.ts';
import { Postponed } from '../../shared/lambda/sqs-handler.ts';
import type { Messages } from './inquiry-message.ts';

/**
 * Takes the next inquiry out of turn about a payment, by a conditional write; throws Postponed where the last one is too recent. A message
 * that waits for its turn mostly finds then that another one has asked since.
 */
export const takeTurn = async (
  { payments, clock, timings }: Messages,
  payment: Payment,
): Promise<void> => {
  const now = clock.now().getTime();
  const { extraInquiryEveryMs: everyMs } = timings;
  const left = Date.parse(payment.extraInquiryAt ?? '') + everyMs - now;
  const wait = (ms: number) =>
    new Postponed(`${payment.paymentId} was asked about out of turn a moment ago`, ms);
  if (left > 0) throw wait(left);
  const isTaken = await payments.reserveInquiry(
    payment,
    new Date(now).toISOString(),
    new Date(now - everyMs).toISOString(),
  );
  // It has moved, or another message was faster: read anew, it says how long to wait.
  if (!isTaken) throw wait(timings.redeliverAfterMs[0] ?? 0);
};
