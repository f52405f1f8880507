import type { Context } from 'aws-lambda';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { isEnded, needsGatewayComparison } from '../../shared/domain/payments/inquiry-hint.ts';
import { isInquiryRequest } from '../../shared/domain/payments/inquiry-request.ts';
import { inquiryDueAt } from '../../shared/domain/payments/inquiry-schedule.ts';
import {
  DeferredError,
  deferOrLeaveToSweeper,
  type HandlingResult,
} from '../../shared/lambda/message-deferral.ts';
import { InquiryNotSentError } from './errors.ts';
import { compareOnRequest, comparePending, inquireImmediately } from './immediate-inquiry.ts';
import type { InquiryDependencies, InquiryMessage } from './types.ts';

/**
 * Inquires about a payment: on its schedule, or immediately if the message is an inquiry request. A final
 * payment is compared with the gateway instead.
 */
export const inquirePayment =
  (deps: InquiryDependencies) =>
  async (
    event: Pick<DomainEvent, 'id' | 'subject' | 'time'>,
    context: Context,
  ): Promise<HandlingResult> => {
    const payment = await deps.payments.getOrThrow(event.subject);
    const handleRequest = isEnded(payment) ? compareOnRequest : inquireImmediately;
    const handleScheduled = needsGatewayComparison(payment) ? comparePending : inquireOnSchedule;
    const handle = isInquiryRequest(event) ? handleRequest : handleScheduled;

    return handle(deps, { payment, event, context });
  };

/**
 * Inquires on schedule until the outcome is final. The message is deferred until each inquiry is due and ends
 * with the last one.
 */
const inquireOnSchedule = async (
  { step, clock, timings }: InquiryDependencies,
  { payment, context }: InquiryMessage,
): Promise<HandlingResult> => {
  const msUntil = (due: string) => Date.parse(due) - clock.now().getTime();
  const { paymentId, orderId, attempt, status } = payment;
  const defer = (ms: number, until?: string): HandlingResult =>
    deferOrLeaveToSweeper({ ms, until }, `${paymentId}: next inquiry not due`, {
      paymentId,
      orderId,
    });
  const due = inquiryDueAt(payment);
  if (due === undefined) return { outcome: status, paymentId, orderId };
  // A failed payment waits for the end of its compensation, even if its check is overdue.
  const minDelayMs = status === 'FAILED' ? (timings.redeliveryBackoffMs.at(-1) ?? 0) : 0;
  const remainingMs = msUntil(due);
  if (remainingMs > 0 && remainingMs >= minDelayMs) return defer(remainingMs, due);
  if (minDelayMs > 0) return defer(minDelayMs);
  const { value, replayed } = await step({ payment }, context).catch(deferIfNotSent);
  const { dueAt, status: outcome, version } = value;
  // The message that made the inquiry waits for the next one; a duplicate must not wait as well.
  if (replayed) return { outcome: 'duplicate', replayed, paymentId, orderId, attempt };
  if (dueAt !== undefined) return defer(msUntil(dueAt), dueAt);

  return { outcome, paymentId, orderId, attempt, version };
};

const deferIfNotSent = (error: unknown): never => {
  if (error instanceof InquiryNotSentError)
    throw new DeferredError(error.message, error.afterMs, { cause: error });
  throw error;
};
