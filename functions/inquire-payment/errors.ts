import { inquiryRetryMs } from '../../shared/domain/payments/buyer-action.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
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

/** Creates the error of an inquiry that was not sent. */
export const notSentError = (
  { clock, timings }: Pick<InquireOnceDependencies, 'clock' | 'timings'>,
  payment: Payment,
  { reason }: NotSent,
): InquiryNotSentError =>
  new InquiryNotSentError(`not sent: ${reason}`, inquiryRetryMs(payment, clock.now(), timings));
