import { type ChargeBody, simulatorErrorCodes } from '../../gateway/simulator/protocol.ts';
import { jsonReply, type PlainResponse } from '../plain-http.ts';
import {
  deriveId,
  hasPendingCharge,
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
  rejectedResponse,
} from './responses.ts';

/**
 * Charges once per key. A new key is a new charge, even for a reference that already has one: a client that
 * charges twice must be visible in the listing.
 */
export const charge = (
  previous: SimulatorAccount,
  { key, body, behaviour }: { key: string; body: ChargeBody; behaviour: Behaviour },
  now: number,
): AccountUpdate => {
  const account = { ...previous, requests: previous.requests + 1 };
  const existing = account.charges.find((each) => each.key === key);
  if (existing) return { value: account, result: chargeResponse(account, existing, now) };

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
    effect: behaviour.effect,
    declineCode: behaviour.declineCode,
    settlesAt: now + behaviour.settlesAfterMs,
    pendingResult: behaviour.pendingResult,
  };

  return {
    value: { ...account, charges: [...account.charges, newCharge] },
    result:
      behaviour.response === 'outcome'
        ? chargeResponse(account, newCharge, now)
        : faultyResponse(behaviour),
  };
};

/** Answers an inquiry by reference: captured before in progress before declined. */
export const inquire = (account: SimulatorAccount, now: number): PlainResponse => {
  const [captured] = settledCaptures(account, now);
  if (captured) return jsonReply(200, approvedBody(account, captured, now));
  if (hasPendingCharge(account, now)) return jsonReply(200, { status: 'in_progress' });
  const declined = account.charges.find(({ effect, pendingResult }) =>
    [effect, pendingResult].includes('declined'),
  );
  if (declined) return jsonReply(200, declinedBody(declined));

  return rejectedResponse(404, simulatorErrorCodes.chargeNotFound);
};

/**
 * Cancels a reference, which can never be charged after that; it need not have a charge. A charge that is
 * still hidden cannot be cancelled: it is captured later in spite of the cancellation, as with
 * `sim_late_approve`.
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
    value: { ...account, cancelledAt: account.cancelledAt ?? now },
    result: jsonReply(200, { status: 'cancelled', reference: account.reference }),
  };
};
