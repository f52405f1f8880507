import type { AcceptPaymentRequest } from '../../../functions/accept-payment/request.ts';
import type { createCapturePayment } from '../../../shared/application/payments/capture-payment.ts';
import {
  decideTransition,
  zeroAmountApproval,
} from '../../../shared/application/payments/decide-transition.ts';
import { ServiceUnavailableError } from '../../../shared/domain/errors.ts';
import { chargeReferenceOf } from '../../../shared/domain/payments/charge-reference.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { transitionPayment } from '../../../shared/domain/payments/payment-transitions.ts';
import type { Clock } from '../../../shared/domain/time.ts';
import { timings } from '../../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import type { PaymentRepository } from '../../../shared/persistence/payment-repository.ts';
import type { Compensate } from './compensate.ts';
import type { CountSale } from './consumers.ts';
import { actor, claimForCharge, type Reserve } from './reserve.ts';

interface Dependencies {
  readonly reserve: Reserve;
  readonly payments: Pick<PaymentRepository, 'tryUpdate'>;
  readonly settle: ReturnType<typeof createCapturePayment>;
  readonly compensate: Compensate;
  readonly gateway: Pick<PaymentGateway, 'charge'>;
  /** The only subscriber of the brief's in-memory event. */
  readonly countSale: CountSale;
  readonly clock: Clock;
}

/**
 * Section 1.1 of the brief: reserves in one transaction, calls the gateway outside of it while the buyer
 * waits, then completes or compensates in another transaction.
 *
 * An ambiguous outcome leaves everything reserved and returns a 503. A retry with the same key calls the
 * gateway with the same key, so that the buyer is charged once.
 */
export const paySynchronously = (deps: Dependencies) => {
  const conclude = createConclude(deps);

  return async (request: AcceptPaymentRequest): Promise<Payment> => {
    const reserved = await deps.reserve(request);
    if (reserved.status !== 'RESERVED') return reserved;

    const charged = claimForCharge(reserved, deps.clock.now());
    const { paymentMethod, gatewayAmount } = charged;
    const outcome =
      paymentMethod === undefined || gatewayAmount === 0
        ? zeroAmountApproval(deps.clock.now())
        : await deps.gateway.charge({ ...chargeReferenceOf(charged), paymentMethod });
    const at = deps.clock.now();
    const { transition, detail, change } = decideTransition(outcome, charged, at, timings.local);

    return conclude(
      reserved,
      transitionPayment(charged, transition, { at, by: actor, detail, ...(change && { change }) }),
    );
  };
};

/** Writes the outcome of the charge over the reserved payment. */
const createConclude =
  ({ payments, settle, compensate, countSale }: Dependencies) =>
  async (reserved: Payment, after: Payment): Promise<Payment> => {
    switch (after.status) {
      case 'COMPLETED': {
        const written = await settle(reserved, after);
        if (written !== 'written')
          throw new ServiceUnavailableError(`${after.paymentId} was ${written}.`);
        await countSale(after);

        return after;
      }
      case 'FAILED':
        await compensate(reserved, after);

        return after;
      case 'IN_REVIEW':
        await payments.tryUpdate(reserved, after);

        return after;
      default:
        throw new ServiceUnavailableError(
          `The outcome of the charge of ${after.paymentId} is not known.`,
        );
    }
  };
