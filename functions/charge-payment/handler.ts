import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { releasableStatuses } from '../../shared/domain/payments/hold-release.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import { isHandledBy } from '../../shared/domain/payments/payment-events.ts';
import { DeferredError, type HandlingResult } from '../../shared/lambda/message-deferral.ts';
import {
  attemptCharge,
  backoffDelayMs,
  chargeGateway,
  isNotSent,
  outcomeWithoutGateway,
} from './attempt-charge.ts';
import { expireStaleClaim, releaseBeforeCharge, writeRelease } from './claim.ts';
import type { ChargeDependencies } from './dependencies.ts';

type ChargeEvent = Pick<DomainEvent<'PaymentReserved'>, 'id' | 'subject'>;

/**
 * Charges a reserved payment, unless its hold has expired or its buyer has cancelled it. Only the holder of
 * the claim calls the gateway. While the circuit is open, the payment waits and nothing is written.
 */
export const chargePayment =
  (deps: ChargeDependencies) =>
  async (event: ChargeEvent): Promise<HandlingResult> => {
    const payment = await deps.payments.getOrThrow(event.subject);
    const unchanged = () => ({
      ...toResult(payment),
      ...(isHandledBy('charge-payment', event, payment) && { outcome: 'duplicate' }),
    });
    if (payment.status === 'CHARGING') return toResult(await expireStaleClaim(deps, payment));
    if (!releasableStatuses.includes(payment.status)) return unchanged();
    const released = releaseBeforeCharge(deps, payment);
    if (released !== undefined) return toResult(await writeRelease(deps, payment, released));
    if (payment.status !== 'RESERVED') return unchanged();

    const zeroAmountOutcome = outcomeWithoutGateway(deps, payment);
    const attempt = zeroAmountOutcome
      ? await attemptCharge(deps, payment, async () => zeroAmountOutcome)
      : await deps.breaker(() => attemptCharge(deps, payment, chargeGateway));
    if (attempt === undefined)
      throw new DeferredError('gateway circuit open', backoffDelayMs(deps, payment));
    const { after, decision } = attempt;
    if (isNotSent(attempt)) throw new DeferredError(decision.detail, backoffDelayMs(deps, after));

    return toResult(after);
  };

/** Reads the payment, and returns the result of the delivery that charged or released it. */
export const findCharged =
  ({ payments }: Pick<ChargeDependencies, 'payments'>) =>
  async (event: ChargeEvent): Promise<HandlingResult | undefined> => {
    const payment = await payments.getOrThrow(event.subject);

    return isHandledBy('charge-payment', event, payment) ? toResult(payment) : undefined;
  };

const toResult = ({ status, paymentId, orderId, version, attempt }: Payment): HandlingResult => {
  return { outcome: status, paymentId, orderId, version, attempt };
};
