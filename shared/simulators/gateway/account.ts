import { createHash } from 'node:crypto';
import { type ChargeBody, code } from '../../gateway/simulator/protocol.ts';
import { type PlainAnswer, reply } from '../plain-http.ts';
import type { Behaviour } from './behaviours.ts';
import type { Refund } from './refunds.ts';
import { approved, chargeAnswer, declined, refuse, spoilt } from './responses.ts';

/** All that the PG knows of one reference of ours. Times are milliseconds since the epoch. */
export interface Account {
  readonly reference: string;
  /** How often a charge was asked for, with whatever key and whatever end. */
  readonly requests: number;
  readonly charges: readonly Charge[];
  /** The key of each refund that was asked for, as often as it was, whatever its end. */
  readonly refundKeys: readonly string[];
  readonly refunds: readonly Refund[];
  readonly cancelledAt?: number;
}

export interface Charge {
  readonly key: string;
  readonly transactionId: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
  readonly notify: boolean;
  readonly effect: 'captured' | 'declined';
  readonly settlesAt: number;
  readonly meanwhile: Behaviour['meanwhile'];
}

/** What a request does to an account, and what it is told. */
export interface Step {
  readonly value: Account;
  readonly result: PlainAnswer;
}

export const newAccount = (reference: string): Account => ({
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
  before: Account,
  { key, body, behaviour }: { key: string; body: ChargeBody; behaviour: Behaviour },
  now: number,
): Step => {
  const account = { ...before, requests: before.requests + 1 };
  const known = account.charges.find((each) => each.key === key);
  if (known) return { value: account, result: chargeAnswer(account, known, now) };

  if (account.cancelledAt !== undefined) {
    return { value: account, result: refuse(409, 'reference_cancelled') };
  }
  if (behaviour.effect === 'none') return { value: account, result: spoilt(behaviour) };

  const made: Charge = {
    key,
    transactionId: idOf('txn', key),
    amount: body.amount + behaviour.amountOff,
    currency: body.currency,
    paymentMethod: body.paymentMethod,
    notify: body.notify ?? true,
    effect: behaviour.effect,
    settlesAt: now + behaviour.settlesAfterMs,
    meanwhile: behaviour.meanwhile,
  };

  return {
    value: { ...account, charges: [...account.charges, made] },
    result: behaviour.answer === 'outcome' ? chargeAnswer(account, made, now) : spoilt(behaviour),
  };
};

/** What is found under our reference: money before work in progress before refusals. */
export const inquire = (account: Account, now: number): PlainAnswer => {
  const [captured] = capturedBy(account, now);
  if (captured) return reply(200, approved(account, captured, now));
  if (isBusy(account, now)) return reply(200, { status: 'in_progress' });
  if (account.charges.some(({ effect, meanwhile }) => [effect, meanwhile].includes('declined'))) {
    return reply(200, declined);
  }

  return refuse(404, code.chargeNotFound);
};

/**
 * Cancelled once, a reference can never be charged again, and one that was never charged can be cancelled. A charge that
 * is still hidden is out of reach: it lands in spite of the cancellation, which is what makes `sim_late_approve` late.
 */
export const cancel = (account: Account, now: number): Step => {
  const [captured] = capturedBy(account, now);
  if (captured) {
    const { transactionId } = captured;

    return { value: account, result: refuse(409, code.alreadyCaptured, { transactionId }) };
  }

  if (isBusy(account, now)) return { value: account, result: refuse(409, code.inProgress) };
  if (unsettled(account, now).length > 0) {
    return { value: account, result: refuse(404, code.chargeNotFound) };
  }

  return {
    value: { ...account, cancelledAt: account.cancelledAt ?? now },
    result: reply(200, { status: 'cancelled', reference: account.reference }),
  };
};

export const capturedBy = (account: Account, now: number): Charge[] =>
  account.charges.filter(({ effect, settlesAt }) => effect === 'captured' && settlesAt <= now);

/** The PG works on a charge that it admits to. */
export const isBusy = (account: Account, now: number): boolean =>
  unsettled(account, now).some(isVisible);

const unsettled = (account: Account, now: number): Charge[] =>
  account.charges.filter(({ settlesAt }) => settlesAt > now);

const isVisible = ({ meanwhile }: Charge): boolean =>
  meanwhile === 'wait' || meanwhile === 'in-progress';

/** The same key gives the same id wherever the simulator runs. */
export const idOf = (prefix: string, key: string): string =>
  `${prefix}_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
