import type { Payment } from '../../shared/domain/payments/payment.ts';
import { ageBasedBackoffMs } from '../../shared/domain/timings.ts';
import type { NotSent } from '../../shared/gateway/payment-gateway.ts';
import type { InquireOnceDependencies } from './types.ts';

/** The gateway did not answer an immediate inquiry. */
export class GatewayNoResponseError extends Error {}

/** Nothing reached the gateway: the payment stays as it is and the inquiry is not counted. */
export class InquiryNotSentError extends Error {
  readonly afterMs: number;

  constructor(message: string, afterMs: number) {
    super(message);
    this.afterMs = afterMs;
  }
}

/**
 * Creates the error of an inquiry that was not sent. Its delay grows with the time since the payment last
 * changed.
 */
export const notSentError = (
  { clock, timings }: Pick<InquireOnceDependencies, 'clock' | 'timings'>,
  { updatedAt }: Payment,
  { reason }: NotSent,
): InquiryNotSentError =>
  new InquiryNotSentError(
    `not sent: ${reason}`,
    ageBasedBackoffMs(updatedAt, clock.now(), timings),
  );
