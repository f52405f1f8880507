import { createHash } from 'node:crypto';
import { type ChargeBody, simulatorErrorCodes } from '../../gateway/simulator/protocol.ts';
import { jsonReply, type PlainResponse } from '../plain-http.ts';
import type { Behaviour } from './behaviours.ts';
import type { SimulatorRefund } from './refunds.ts';
import {
  approvedBody,
  chargeResponse,
  declinedBody,
  faultyResponse,
  rejectedResponse,
} from './responses.ts';

/** All that the PG knows of one reference of ours. Times are milliseconds since the epoch. */
export interface SimulatorAccount {
  readonly reference: string;
  /** How often a charge was asked for, with whatever key and whatever end. */
  readonly requests: number;
  readonly charges: readonly SimulatorCharge[];
  /** The key of each refund that was asked for, as often as it was, whatever its end. */
  readonly refundKeys: readonly string[];
  readonly refunds: readonly SimulatorRefund[];
  readonly cancelledAt?: number;
}

export interface SimulatorCharge {
  readonly key: string;
  readonly transactionId: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
  readonly notify: boolean;
  readonly effect: 'captured' | 'declined';
  readonly settlesAt: number;
  readonly pendingResult: Behaviour['pendingResult'];
}

/** What a request does to an account, and what it is told. */
export interface AccountUpdate {
  readonly value: SimulatorAccount;
  readonly result: PlainResponse;
}

export const newAccount = (reference: string): SimulatorAccount => ({
  reference,
  requests: 0,
  charges: [],
  refundKeys: [],
  refunds: [],
});

/**
 * A new key is a new charge, even of a reference that has one: a client that pays twice must be seen to pay twice. The
 * same key is the same charge for ever.
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
    settlesAt: now + behaviour.settlesAfterMs,
    pendingResult: behaviour.pendingResult,
  };

  return {
    value: { ...account, charges: [...account.charges, newCharge] },
    result:
      behaviour.answer === 'outcome'
        ? chargeResponse(account, newCharge, now)
        : faultyResponse(behaviour),
  };
};

/** What is found under our reference: money before work in progress before refusals. */
export const inquire = (account: SimulatorAccount, now: number): PlainResponse => {
  const [captured] = settledCaptures(account, now);
  if (captured) return jsonReply(200, approvedBody(account, captured, now));
  if (hasPendingCharge(account, now)) return jsonReply(200, { status: 'in_progress' });
  if (
    account.charges.some(({ effect, pendingResult }) =>
      [effect, pendingResult].includes('declined'),
    )
  ) {
    return jsonReply(200, declinedBody);
  }

  return rejectedResponse(404, simulatorErrorCodes.chargeNotFound);
};

/**
 * Cancelled once, a reference can never be charged again, and one that was never charged can be cancelled. A charge that
 * is still hidden is out of reach: it lands in spite of the cancellation, which is what makes `sim_late_approve` late.
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

export const settledCaptures = (account: SimulatorAccount, now: number): SimulatorCharge[] =>
  account.charges.filter(({ effect, settlesAt }) => effect === 'captured' && settlesAt <= now);

/** The PG works on a charge that it admits to. */
export const hasPendingCharge = (account: SimulatorAccount, now: number): boolean =>
  unsettledCharges(account, now).some(isReportedPending);

const unsettledCharges = (account: SimulatorAccount, now: number): SimulatorCharge[] =>
  account.charges.filter(({ settlesAt }) => settlesAt > now);

const isReportedPending = ({ pendingResult }: SimulatorCharge): boolean =>
  pendingResult === 'wait' || pendingResult === 'in-progress';

/** The same key gives the same id wherever the simulator runs. */
export const deriveId = (prefix: string, key: string): string =>
  `${prefix}_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
