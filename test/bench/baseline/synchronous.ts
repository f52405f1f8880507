import type { AcceptRequest } from '../../../functions/accept-payment/request.ts';
import type { settleIn } from '../../../shared/application/payments/capture-payment.ts';
import {
  nothingToCharge,
  verdictOf,
} from '../../../shared/application/payments/decide-transition.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import { Outage } from '../../../shared/domain/errors.ts';
import { chargeOf } from '../../../shared/domain/payments/charge-idempotency-key.ts';
import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { advance } from '../../../shared/domain/payments/payment-transitions.ts';
import type { PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import type { Payments } from '../../../shared/persistence/payment-repository.ts';
import type { GiveBack } from './compensate.ts';
import type { CountSale } from './consumers.ts';
import { beingCharged, by, type Reserve } from './reserve.ts';

interface Dependencies {
  readonly reserve: Reserve;
  readonly payments: Pick<Payments, 'moved'>;
  readonly settle: ReturnType<typeof settleIn>;
  readonly giveBack: GiveBack;
  readonly gateway: Pick<PaymentGateway, 'charge'>;
  /** The one subscriber of the brief's in-memory event. */
  readonly countSale: CountSale;
  readonly clock: Clock;
}

/**
 * Section 1.1 of the brief: reserves in one transaction, keeps the buyer waiting for the PG outside of it, then completes or compensates
 * in another one.
 *
 * An outcome that is not known leaves everything reserved and is an outage to the buyer: the same key asks the PG again, under the PG's
 * same key, so that nobody is charged twice.
 */
export const paySynchronously = (deps: Dependencies) => {
  const conclude = conclusionIn(deps);

  return async (request: AcceptRequest): Promise<Payment> => {
    const reserved = await deps.reserve(request);
    if (reserved.status !== 'RESERVED') return reserved;

    const charged = beingCharged(reserved, deps.clock.now());
    const outcome =
      charged.amount === 0
        ? nothingToCharge(deps.clock.now())
        : await deps.gateway.charge({
            ...chargeOf(charged),
            paymentMethod: charged.paymentMethod,
          });
    const { transition, detail, change } = verdictOf(outcome, charged.attempt);
    const at = deps.clock.now();

    return conclude(
      reserved,
      advance(charged, transition, { at, by, detail, ...(change && { change }) }),
    );
  };
};

/** Writes how the charge ended over the payment as it was reserved. */
const conclusionIn =
  ({ payments, settle, giveBack, countSale }: Dependencies) =>
  async (reserved: Payment, after: Payment): Promise<Payment> => {
    switch (after.status) {
      case 'COMPLETED': {
        const written = await settle(reserved, after);
        if (written !== 'settled') throw new Outage(`${after.paymentId} was ${written}.`);
        await countSale(after);

        return after;
      }
      case 'FAILED':
        await giveBack(reserved, after);

        return after;
      case 'IN_REVIEW':
        await payments.moved(reserved, after);

        return after;
      default:
        throw new Outage(`Nobody knows how the charge of ${after.paymentId} ended.`);
    }
  };
