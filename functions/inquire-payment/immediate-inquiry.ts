import { isInquirable, isInquiryAnswered } from '../../shared/domain/payments/inquiry-request.ts';
import type { Payment, PaymentStatus } from '../../shared/domain/payments/payment.ts';
import { DeferredError, type HandlingResult } from '../../shared/lambda/message-deferral.ts';
import { GatewayNoResponseError, InquiryNotSentError } from './errors.ts';
import type { InquiryDependencies, InquiryMessage } from './types.ts';

/**
 * The charger or a compensation is at work, or the last attempt was conclusively declined: an answer could not be
 * acted on.
 */
const busyStatuses: readonly PaymentStatus[] = [
  'REQUIRES_METHOD',
  'RESERVED',
  'CHARGING',
  'FAILED',
];

/**
 * Inquires once, unless an inquiry has already answered the request. The payment's own schedule does not
 * change, and its transition publishes the usual event.
 */
export const inquireImmediately = async (
  deps: InquiryDependencies,
  message: InquiryMessage,
): Promise<HandlingResult> => {
  const { payment, event, context } = message;
  const { paymentId, orderId, attempt, status } = payment;
  if (!isInquirable(payment)) return { outcome: status, paymentId, orderId };
  if (isInquiryAnswered(event, payment))
    return { outcome: 'duplicate', replayed: true, paymentId, orderId };
  if (busyStatuses.includes(status)) return deferUntilDecided(deps, message);

  await reserveImmediateInquiry(deps, payment);
  const { value, replayed } = await deps
    .step({ payment, request: event }, context)
    .catch(deferOrRethrow(deps, message));

  return { outcome: value.status, replayed, paymentId, orderId, attempt, version: value.version };
};

/**
 * Defers the message with a growing delay until the work in progress has ended. If that takes long, stores a
 * hint: the payment becomes due after its compensation, and the sweeper requests the inquiry.
 */
const deferUntilDecided = async (
  deps: InquiryDependencies,
  { payment, event }: InquiryMessage,
): Promise<HandlingResult> => {
  const { paymentId, orderId, status } = payment;
  const delayMs = retryDelayMs(deps, event);
  if (delayMs !== undefined) throw new DeferredError(`${paymentId} is ${status}`, delayMs);
  const isRecorded = await deps.payments.recordHint(payment, event.time);
  // The payment has moved on to a status in which it can be inquired about, or compared with the gateway.
  if (!isRecorded)
    throw new DeferredError(
      `${paymentId} is no longer ${status}`,
      deps.timings.redeliveryBackoffMs[0] ?? 0,
    );

  return { outcome: 'deferred-to-sweeper', paymentId, orderId };
};

/** Half the age of the message within the redelivery backoff; undefined if that exceeds the longest delay. */
const retryDelayMs = (
  { clock, timings: { redeliveryBackoffMs } }: InquiryDependencies,
  { time }: InquiryMessage['event'],
): number | undefined => {
  const halfAgeMs = (clock.now().getTime() - Date.parse(time)) / 2;
  const maxMs = redeliveryBackoffMs.at(-1) ?? 0;

  return halfAgeMs > maxMs ? undefined : Math.max(halfAgeMs, redeliveryBackoffMs[0] ?? 0);
};

/**
 * Nothing stores the request, so the message itself retries with a growing delay. After a day it is
 * dead-lettered.
 */
const deferOrRethrow =
  (deps: InquiryDependencies, { event }: InquiryMessage) =>
  (error: unknown): never => {
    const { clock, timings } = deps;
    const ageMs = clock.now().getTime() - Date.parse(event.time);
    if (error instanceof InquiryNotSentError) throw new DeferredError(error.message, error.afterMs);
    if (!(error instanceof GatewayNoResponseError) || ageMs > timings.gatewayIdempotencyTtlMs)
      throw error;

    throw new DeferredError(
      error.message,
      retryDelayMs(deps, event) ?? timings.redeliveryBackoffMs.at(-1) ?? 0,
    );
  };

/** Compares a final payment with the gateway, unless a comparison has already answered the request. */
export const compareOnRequest = async (
  deps: InquiryDependencies,
  message: InquiryMessage,
): Promise<HandlingResult> => {
  const { payment, event } = message;
  const { paymentId, orderId, status, version } = payment;
  const ids = { paymentId, orderId, version };
  if (!isInquirable(payment)) return { outcome: status, ...ids };
  if (isInquiryAnswered(event, payment)) return { outcome: 'duplicate', replayed: true, ...ids };
  await reserveImmediateInquiry(deps, payment);
  const result = await deps.compare(payment).catch(deferOrRethrow(deps, message));

  return { outcome: `${status}, ${result}`, ...ids };
};

/**
 * Compares a payment that has an open hint. Without an answer it stays due, and the sweeper requests the
 * comparison again.
 */
export const comparePending = async (
  deps: InquiryDependencies,
  { payment }: InquiryMessage,
): Promise<HandlingResult> => {
  const { paymentId, orderId, status, version } = payment;
  await reserveImmediateInquiry(deps, payment);
  const result = await deps.compare(payment).catch((error: unknown) => {
    if (error instanceof GatewayNoResponseError) return error.message;
    throw error;
  });

  return { outcome: `${status}, ${result}`, paymentId, orderId, version };
};

/**
 * Reserves the next immediate inquiry by a conditional write. Throws DeferredError if the last one is too
 * recent. A deferred message usually finds that another inquiry has answered it.
 */
const reserveImmediateInquiry = async (
  { payments, clock, timings }: InquiryDependencies,
  payment: Payment,
): Promise<void> => {
  const now = clock.now().getTime();
  const intervalMs =
    payment.status === 'REQUIRES_ACTION'
      ? timings.actionInquiryIntervalMs
      : timings.immediateInquiryIntervalMs;
  const remainingMs = Date.parse(payment.lastImmediateInquiryAt ?? '') + intervalMs - now;
  const deferredFor = (ms: number) =>
    new DeferredError(
      `${payment.paymentId}: the last immediate inquiry was less than ${intervalMs} ms ago`,
      ms,
    );
  if (remainingMs > 0) throw deferredFor(remainingMs);
  const isReserved = await payments.reserveInquiry(
    payment,
    new Date(now).toISOString(),
    new Date(now - intervalMs).toISOString(),
  );
  // The payment has changed, or another message was first. The next read shows how long to wait.
  if (!isReserved) throw deferredFor(timings.redeliveryBackoffMs[0] ?? 0);
};
