import { type ChargeBody, simulatorErrorCodes } from '../../gateway/simulator/protocol.ts';
import { jsonReply, type PlainResponse } from '../plain-http.ts';
import {
  declineCodeOf,
  deriveId,
  hasPendingCharge,
  isWaiting,
  type SimulatorAccount,
  type SimulatorCharge,
  settledCaptures,
  unsettledCharges,
} from './account.ts';
import type { Behaviour } from './behaviours.ts';
import {
  type AccountUpdate,
  approvedBody,
  chargeResponse,
  declinedBody,
  faultyResponse,
  type RequestContext,
  rejectedResponse,
  requiresActionBody,
} from './responses.ts';

interface ChargeRequest {
  readonly key: string;
  readonly body: ChargeBody;
  readonly behaviour: Behaviour;
  /** The id of the buyer's page, if the charge needs one. */
  readonly challengeId: string;
}

/**
 * Charges once per key. A new key is a new charge, even for a reference that already has one: a client that
 * charges twice must be visible in the listing.
 */
export const charge = (
  previous: SimulatorAccount,
  { key, body, behaviour, challengeId }: ChargeRequest,
  context: RequestContext,
): AccountUpdate => {
  const { now } = context;
  const account = { ...previous, requests: previous.requests + 1 };
  const existing = account.charges.find((each) => each.key === key);
  if (existing) return { value: account, result: chargeResponse(account, existing, context) };

  if (account.cancelledAt !== undefined) {
    return { value: account, result: rejectedResponse(409, 'reference_cancelled') };
  }
  if (behaviour.effect === 'none') return { value: account, result: faultyResponse(behaviour) };

  const newCharge: SimulatorCharge = {
    key,
    transactionId: deriveId('txn', key),
    amount: body.amount + behaviour.amountOff,
    currency: body.currency,
    paymentMethod: body.paymentMethod,
    notify: body.notify ?? true,
    effect: behaviour.challenge ? 'waiting' : behaviour.effect,
    declineCode: behaviour.declineCode,
    settlesAt: now + behaviour.settlesAfterMs,
    pendingResult: behaviour.pendingResult,
    ...(behaviour.challenge && {
      challenge: {
        id: challengeId,
        expiresAt: now + behaviour.challenge.expiresAfterMs,
        ...(body.returnUrl !== undefined && { returnUrl: body.returnUrl }),
      },
    }),
  };

  return {
    value: { ...account, charges: [...account.charges, newCharge] },
    result:
      behaviour.response === 'outcome'
        ? chargeResponse(account, newCharge, context)
        : faultyResponse(behaviour),
  };
};

/** Answers an inquiry by reference: captured before in progress before waiting before declined. */
export const inquire = (account: SimulatorAccount, context: RequestContext): PlainResponse => {
  const { now } = context;
  const [captured] = settledCaptures(account, now);
  if (captured) return jsonReply(200, approvedBody(account, captured, now));
  if (hasPendingCharge(account, now)) return jsonReply(200, { status: 'in_progress' });
  const [waiting] = account.charges.flatMap((each) => requiresActionBody(each, context) ?? []);
  if (waiting) return jsonReply(200, waiting);
  const [declineCode] = account.charges.flatMap((each) => declineCodeOf(each, now) ?? []);
  if (declineCode !== undefined) return jsonReply(200, declinedBody(declineCode));

  return rejectedResponse(404, simulatorErrorCodes.chargeNotFound);
};

/**
 * Cancels a reference, which can never be charged after that; it need not have a charge. A charge that waits
 * for its buyer is declined. A charge that is still hidden cannot be cancelled: it is captured later in spite
 * of the cancellation, as with `sim_late_approve`.
 */
export const cancel = (account: SimulatorAccount, now: number): AccountUpdate => {
  const [captured] = settledCaptures(account, now);
  if (captured) {
    const { transactionId } = captured;

    return {
      value: account,
      result: rejectedResponse(409, simulatorErrorCodes.alreadyCaptured, { transactionId }),
    };
  }

  if (hasPendingCharge(account, now))
    return { value: account, result: rejectedResponse(409, simulatorErrorCodes.inProgress) };
  if (unsettledCharges(account, now).length > 0) {
    return { value: account, result: rejectedResponse(404, simulatorErrorCodes.chargeNotFound) };
  }

  return {
    value: {
      ...account,
      charges: account.charges.map((each) =>
        isWaiting(each, now)
          ? { ...each, effect: 'declined', declineCode: 'reference_cancelled' }
          : each,
      ),
      cancelledAt: account.cancelledAt ?? now,
    },
    result: jsonReply(200, { status: 'cancelled', reference: account.reference }),
  };
};
