import type {
  CompensateAtOnce,
  Incomplete,
} from '../../shared/application/compensation/compensate-at-once.ts';
import { isTransientError } from '../../shared/config/transient-errors.ts';
import { ServiceUnavailableError } from '../../shared/domain/errors.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { isCompensationStarted } from '../../shared/domain/payments/funds-state.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { isHandledBy } from '../../shared/domain/payments/payment-events.ts';
import { transitionPayment } from '../../shared/domain/payments/payment-transitions.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import { conflict, retryOnConflict } from '../../shared/persistence/dynamodb/retry-on-conflict.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'tryUpdate'>;
  readonly compensateAtOnce: CompensateAtOnce;
  readonly clock: Clock;
}

type FailedEvent = Pick<DomainEvent<'PaymentFailed'>, 'id' | 'subject'>;

const by = 'compensate-payment';

/**
 * Compensates a failed payment in one transaction. What that cannot compensate, for any reason that a retry would
 * find again, is left to the workflow: the payment records that, and its event starts the state machine. Does
 * nothing for a payment that is no longer FAILED, or that the workflow compensates.
 */
export const compensatePayment =
  ({ payments, compensateAtOnce, clock }: Dependencies) =>
  (event: FailedEvent): Promise<HandlingResult> => {
    const tryCompensate = async () => {
      const payment = await payments.getOrThrow(event.subject);
      if (payment.status !== 'FAILED' || isCompensationStarted(payment)) {
        const outcome = isHandledBy(by, event, payment) ? 'duplicate' : payment.status;

        return { ...toResult(payment), outcome };
      }
      const at = clock.now();
      const result = await compensateAtOnce(payment, { at, by }).catch(toIncomplete);
      if (result === conflict) return conflict;
      if ('status' in result) return toResult(result);
      const started = transitionPayment(payment, 'compensationStarted', {
        at,
        by,
        detail: result.reason,
      });

      return (await payments.tryUpdate(payment, started)) ? toResult(started) : conflict;
    };

    return retryOnConflict(`Compensation of payment ${event.subject}`, tryCompensate, {
      maxAttempts: 4,
    });
  };

/** Reads the payment, and returns the result of the delivery that compensated it or started the workflow. */
export const findCompensated =
  ({ payments }: Pick<Dependencies, 'payments'>) =>
  async (event: FailedEvent): Promise<HandlingResult | undefined> => {
    const payment = await payments.getOrThrow(event.subject);

    return isHandledBy(by, event, payment) ? toResult(payment) : undefined;
  };

/** Rethrows an error that a later attempt may not have. Any other must not keep the other targets reserved. */
const toIncomplete = (error: unknown): Incomplete => {
  if (error instanceof ServiceUnavailableError || isTransientError(error)) throw error;

  return { reason: `${error}` };
};

const toResult = (payment: Payment): HandlingResult => {
  const { status, paymentId, orderId, version } = payment;
  const outcome = isCompensationStarted(payment) ? 'workflow-started' : status;

  return { outcome, paymentId, orderId, version };
};
