import { isInquirable, isInquiryAnswered } from '../../shared/domain/payments/inquiry-request.ts';
import type { Payment, PaymentStatus } from '../../shared/domain/payments/payment.ts';
import { DeferredError, type HandlingResult } from '../../shared/lambda/message-deferral.ts';
import { GatewayNoResponseError, InquiryNotSentError } from './errors.ts';
import type { InquiryDependencies, InquiryMessage } from './types.ts';

/** A charger or a compensation is at work on it, and what the PG says now could not be acted on. */
const busyStatuses: readonly PaymentStatus[] = ['RESERVED', 'CHARGING', 'FAILED'];

/**
 * Asks once, unless that was done since it was asked for. The payment's own schedule stays as it is, and what follows from the answer
 * is told by the event of its move, as ever.
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

  await reserveTurn(deps, payment);
  const { value, replayed } = await deps
    .step({ payment, request: event }, context)
    .catch(deferOrRethrow(deps, message));

  return { outcome: value.status, replayed, paymentId, orderId, attempt, version: value.version };
};

/**
 * The message waits, ever longer, for what is under way to end. Where that takes long, the payment itself remembers it: it is due when it
 * has been compensated, and the sweeper has the PG asked then.
 */
const deferUntilDecided = async (
  deps: InquiryDependencies,
  { payment, event }: InquiryMessage,
): Promise<HandlingResult> => {
  const { paymentId, orderId, status } = payment;
  const delayMs = retryDelayMs(deps, event);
  if (delayMs !== undefined) throw new DeferredError(`${paymentId} is ${status}`, delayMs);
  await deps.payments.recordHint(payment, event.time);

  return { outcome: 'deferred-to-sweeper', paymentId, orderId };
};

/** Half the message's age, within the pauses of a redelivery; none where it would be longer than the longest of them. */
const retryDelayMs = (
  { clock, timings: { redeliveryBackoffMs } }: InquiryDependencies,
  { time }: InquiryMessage['event'],
): number | undefined => {
  const halfAgeMs = (clock.now().getTime() - Date.parse(time)) / 2;
  const maxMs = redeliveryBackoffMs.at(-1) ?? 0;

  return halfAgeMs > maxMs ? undefined : Math.max(halfAgeMs, redeliveryBackoffMs[0] ?? 0);
};

/** Nothing is stored that would remember it, so the message itself tries again: ever less often, and after a day it is a dead letter. */
export const deferOrRethrow =
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

/** Has a payment that has ended compared with the gateway, unless that was done since it was asked for. */
export const compareOnRequest = async (
  deps: InquiryDependencies,
  message: InquiryMessage,
): Promise<HandlingResult> => {
  const { payment, event } = message;
  const { paymentId, orderId, status, version } = payment;
  const ids = { paymentId, orderId, version };
  if (!isInquirable(payment)) return { outcome: status, ...ids };
  if (isInquiryAnswered(event, payment)) return { outcome: 'duplicate', replayed: true, ...ids };
  await reserveTurn(deps, payment);
  const result = await deps.compare(payment).catch(deferOrRethrow(deps, message));

  return { outcome: `${status}, ${result}`, ...ids };
};

/** Has a payment compared whose hint is open. Without an answer it stays due, and the sweeper has it compared again. */
export const comparePending = async (
  deps: InquiryDependencies,
  { payment }: InquiryMessage,
): Promise<HandlingResult> => {
  const { paymentId, orderId, status, version } = payment;
  await reserveTurn(deps, payment);
  const result = await deps.compare(payment).catch((error: unknown) => {
    if (error instanceof GatewayNoResponseError) return error.message;
    throw error;
  });

  return { outcome: `${status}, ${result}`, paymentId, orderId, version };
};

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
