import fc from 'fast-check';
import { dueShardOf } from '../../../shared/domain/due-index.ts';
import type { DomainEvent } from '../../../shared/domain/events/domain-event.ts';
import type { GatewayCall } from '../../../shared/domain/gateway-call.ts';
import { eventOfChange, type StreamChange } from '../../../shared/domain/outbox/outbox-event.ts';
import { openPayment, rejectPayment } from '../../../shared/domain/payments/open-payment.ts';
import type {
  BuyerAction,
  Dispute,
  Failure,
  Payment,
} from '../../../shared/domain/payments/payment.ts';
import { paymentTransitions } from '../../../shared/domain/payments/payment-transition-table.ts';
import {
  canTransition,
  type PaymentTransitionName,
  transitionPayment,
} from '../../../shared/domain/payments/payment-transitions.ts';
import { anOrder, noon } from './builders.ts';
import { traceparent } from './trace.ts';

const later = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);

/** A challenge that the buyer may finish within a minute from noon. */
const anAction: BuyerAction = {
  url: 'https://bank.example/challenge/7f3c',
  expiresAt: later(60).toISOString(),
  transactionId: 'tx',
};

const aDispute: Dispute = {
  id: 'dp_1',
  amount: 1_000,
  status: 'open',
  openedAt: later(60).toISOString(),
};

/** The start of the workflow keeps the failure of the payment. */
const isFailing = (name: PaymentTransitionName): boolean =>
  paymentTransitions[name].to === 'FAILED' && name !== 'compensationStarted';

/** The payment after one transition, a second after the previous one. */
export const applyTransition = (payment: Payment, name: PaymentTransitionName): Payment =>
  transitionPayment(payment, name, {
    at: later(payment.version),
    by: 'test',
    change: {
      ...(name === 'claimed' && { attempt: payment.attempt || 1 }),
      ...(name === 'declinedKept' && { attempt: payment.attempt + 1 }),
      ...((isFailing(name) || name === 'declinedKept') && {
        failure: { code: 'declined', reason: `no to version ${payment.version}` },
      }),
      ...(name === 'disputed' && { dispute: aDispute }),
      ...(name === 'disputeClosed' && {
        dispute: { ...aDispute, status: 'won', closedAt: later(payment.version).toISOString() },
      }),
      ...(name === 'refundedElsewhere' && { refundedElsewhere: 500 }),
      ...(name === 'actionRequired' && { action: anAction, dueAt: anAction.expiresAt }),
      ...(paymentTransitions[name].to === 'IN_REVIEW' && {
        failure: { code: 'mismatch', reason: 'no' },
      }),
    },
  });

/** All versions of a payment that makes these transitions, first to last. */
export const versionsAfter = (
  first: Payment,
  names: readonly PaymentTransitionName[],
): Payment[] => {
  const versions = [first];
  let last = first;
  for (const name of names) {
    if (!canTransition(last, name)) continue;
    last = applyTransition(last, name);
    versions.push(last);
  }

  return versions;
};

/** The payment after these transitions; throws if one is illegal. */
export const afterTransitions = (
  first: Payment,
  ...names: readonly PaymentTransitionName[]
): Payment => names.reduce(applyTransition, first);

/** The payment after transitions that the numbers choose among the legal ones, with the given extra fields. */
export const afterChosenTransitions = (
  first: Payment,
  choices: readonly number[],
  extra: { detail?: string; gatewayCalls?: readonly GatewayCall[]; failure?: Failure } = {},
): Payment => {
  const { failure, ...rest } = extra;

  return choices.reduce((payment, choice) => {
    const possible = transitionNames.filter((name) => canTransition(payment, name));
    const name = possible[choice % possible.length];
    if (name === undefined) return payment;
    const change = failure && { change: { failure } };

    return transitionPayment(payment, name, {
      at: later(payment.version),
      by: 'test',
      ...rest,
      ...change,
    });
  }, first);
};

/** The stream changes of a payment's versions. */
export const streamChangesOf = (versions: readonly Payment[]): StreamChange[] =>
  versions.map((after, index) => ({ of: 'payment', before: versions[index - 1], after }));

export const eventsOf = (changes: readonly StreamChange[]): DomainEvent[] =>
  changes.flatMap((change) => eventOfChange(change) ?? []);

const acceptedPayment = (orderId: string) => openPayment(requestOf(orderId), noon, 1_000);

const rejectedPayment = (orderId: string) =>
  rejectPayment(requestOf(orderId), noon, { code: 'insufficient-balance', reason: 'too little' });

/** A rejected payment as an earlier version stored it: FAILED, so that its compensation releases the order. */
export const aStoredRejection = (rejected: Payment): Payment => ({
  ...rejected,
  status: 'FAILED',
  dueShard: dueShardOf(rejected.paymentId),
  dueAt: rejected.createdAt,
  history: rejected.history.map((entry) => ({ ...entry, to: 'FAILED' })),
});

const requestOf = (orderId: string) => ({
  paymentId: `pay_${orderId}`,
  order: anOrder({ orderId, userId: 'alice', couponId: 'welcome', discount: 500 }),
  paymentMethod: 'sim_approve',
  requestHash: 'hash',
  traceparent,
});

const transitionNames = (Object.keys(paymentTransitions) as PaymentTransitionName[]).filter(
  (name) => paymentTransitions[name].from.length > 0,
);

const anyTransitionNames = (names: readonly PaymentTransitionName[]) =>
  fc.array(fc.constantFrom(...names), { maxLength: 20 });

/** Any legal sequence of transitions, from accepted or rejected. A rejected payment is never charged, so never captured. */
export const anyVersions = fc.uuid().chain((id) =>
  fc.oneof(
    anyTransitionNames(transitionNames).map((names) => versionsAfter(acceptedPayment(id), names)),
    ...[rejectedPayment(id), aStoredRejection(rejectedPayment(id))].map((rejected) =>
      anyTransitionNames(transitionNames.filter((name) => name !== 'captured')).map((names) =>
        versionsAfter(rejected, names),
      ),
    ),
  ),
);
