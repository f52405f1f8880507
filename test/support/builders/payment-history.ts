import fc from 'fast-check';
import type { DomainEvent } from '../../../shared/domain/events/domain-event.ts';
import type { Asked } from '../../../shared/domain/gateway-call.ts';
import {
  type Failure,
  openPayment,
  type Payment,
  refusePayment,
} from '../../../shared/domain/payments/payment.ts';
import { type Change, eventFrom } from '../../../shared/domain/payments/payment-events.ts';
import {
  advance,
  mayMove,
  type TransitionName,
  transitions,
} from '../../../shared/domain/payments/payment-transitions.ts';
import { anOrder, noon } from './builders.ts';
import { traceparent } from './trace.ts';

const later = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);

/** The payment after a move, one second after the move before it. */
export const moved = (payment: Payment, name: TransitionName): Payment =>
  advance(payment, name, {
    at: later(payment.version),
    by: 'test',
    change: {
      ...(name === 'claimed' && { attempt: payment.attempt + 1 }),
      ...(transitions[name].to === 'FAILED' && { failure: { code: 'declined', reason: 'no' } }),
      ...(transitions[name].to === 'IN_REVIEW' && { failure: { code: 'mismatch', reason: 'no' } }),
    },
  });

/** The payment at each of its versions, first to last, by the moves of these names that the table allows where they stand. */
export const versionsBy = (first: Payment, names: readonly TransitionName[]): Payment[] => {
  const versions = [first];
  let last = first;
  for (const name of names) {
    if (!mayMove(last, name)) continue;
    last = moved(last, name);
    versions.push(last);
  }

  return versions;
};

/** The payment at the end of these moves, all of which the table must allow. */
export const movedBy = (first: Payment, ...names: readonly TransitionName[]): Payment =>
  names.reduce(moved, first);

/** The payment after so many moves, each chosen by a number among those that the table allows where it stands, with all that can be said of it. */
export const movesFrom = (
  first: Payment,
  choices: readonly number[],
  told: { detail?: string; asked?: readonly Asked[]; failure?: Failure } = {},
): Payment => {
  const { failure, ...rest } = told;

  return choices.reduce((payment, choice) => {
    const possible = moves.filter((name) => mayMove(payment, name));
    const name = possible[choice % possible.length];
    if (name === undefined) return payment;
    const change = failure && { change: { failure } };

    return advance(payment, name, { at: later(payment.version), by: 'test', ...rest, ...change });
  }, first);
};

/** The versions of a payment as its table's stream tells of them. */
export const changesOf = (versions: readonly Payment[]): Change[] =>
  versions.map((after, index) => ({ of: 'payment', before: versions[index - 1], after }));

export const eventsOf = (changes: readonly Change[]): DomainEvent[] =>
  changes.flatMap((change) => eventFrom(change) ?? []);

const accepted = (orderId: string) => openPayment(requestOf(orderId), noon, 1_000);

const refused = (orderId: string) =>
  refusePayment(requestOf(orderId), noon, { code: 'insufficient-balance', reason: 'too little' });

const requestOf = (orderId: string) => ({
  paymentId: `pay_${orderId}`,
  order: anOrder({ orderId, userId: 'alice', couponId: 'welcome', discount: 500 }),
  paymentMethod: 'sim_approve',
  requestHash: 'hash',
  traceparent,
});

const moves = (Object.keys(transitions) as TransitionName[]).filter(
  (name) => transitions[name].from.length > 0,
);

const anyNames = (names: readonly TransitionName[]) =>
  fc.array(fc.constantFrom(...names), { maxLength: 20 });

/** Any way that the transition table allows, from accepted or refused. What was refused is never charged, and so never captured. */
export const anyVersions = fc.uuid().chain((id) =>
  fc.oneof(
    anyNames(moves).map((names) => versionsBy(accepted(id), names)),
    anyNames(moves.filter((name) => name !== 'captured')).map((names) =>
      versionsBy(refused(id), names),
    ),
  ),
);
