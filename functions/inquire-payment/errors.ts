import type { Payment } from '../../shared/domain/payments/payment.ts';
import { ageBasedBackoffMs } from '../../shared/domain/timings.ts';
import type { NotSent } from '../../shared/gateway/payment-gateway.ts';
import type { InquireOnceDependencies } from './types.ts';

/** Asked out of turn, and the PG gave no answer. */
export class GatewayNoResponseError extends Error {}

/** Nothing was done at the PG: the payment stays as it was, and is asked about again without having used up one of its inquiries. */
export class InquiryNotSentError extends Error {
  readonly afterMs: number;

  constructor(message: string, afterMs: number) {
    super(message);
    this.afterMs = afterMs;
  }
}

/** What was not sent is tried again, ever less often the longer the payment has stood still. */
export const notSentError = (
  { clock, timings }: Pick<InquireOnceDependencies, 'clock' | 'timings'>,
  { updatedAt }: Payment,
  { reason }: NotSent,
): InquiryNotSentError =>
  new InquiryNotSentError(
    `not sent: ${reason}`,
    ageBasedBackoffMs(updatedAt, clock.now(), timings),
  );
