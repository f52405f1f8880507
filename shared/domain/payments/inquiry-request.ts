import { type DomainEvent, domainEvent } from '../events/domain-event.ts';
import type { Payment, Wish } from './payment.ts';
import type { PaymentStatus } from './payment-transitions.ts';

export type Ask = DomainEvent<'PaymentOutcomeUnknown'>;

const open: readonly PaymentStatus[] = [
  'RESERVED',
  'CHARGING',
  'UNKNOWN',
  'FAILED',
  'COMPENSATED',
  'IN_REVIEW',
];

const ended: readonly PaymentStatus[] = ['COMPLETED', 'REVERSED'];

/** Nothing of it is open, but what the PG holds of it may have changed since: the two are compared. */
export const isEnded = ({ status }: Pick<Payment, 'status'>) => ended.includes(status);

/**
 * Whether the PG may know more of a payment than we do. While its charger is at work on it, the wish waits; of one that was never claimed,
 * or costs nothing, the PG has nothing.
 */
export const canBeAsked = ({ status, attempt, amount }: Payment) =>
  (open.includes(status) || isEnded({ status })) && attempt > 0 && amount > 0;

/** The wish that the PG be asked at once, in the form that an inquiry's message has. It tells of no write, so its id counts no version, and says whose wish it is. */
export const askNow = (payment: Payment, { by, at, name }: NamedWish): Ask => {
  const { paymentId, orderId, userId, amount, currency, attempt } = payment;
  const data = { paymentId, orderId, userId, amount, currency, attempt };
  const { version, traceparent } = payment;
  const of = { subject: paymentId, version, at, traceparent };

  return { ...domainEvent('PaymentOutcomeUnknown', of, data), id: `${prefix}${by}_${name}` };
};

interface NamedWish extends Wish {
  /** Of its own. */
  readonly name: string;
}

const prefix = 'ask_';

/** Whose wish it was and when, as the journal keeps it. */
export const wishOf = (ask: Pick<Ask, 'id' | 'time'> | undefined): { readonly wish?: Wish } => {
  if (ask === undefined) return {};
  const by = ask.id.startsWith(`${prefix}webhook_`) ? 'webhook' : 'operator';

  return { wish: { by, at: ask.time } };
};

export const isAsk = ({ id }: Pick<DomainEvent, 'id'>) => id.startsWith(prefix);

/** The PG was asked after the wish was made, whoever did it: what it knew then is written. */
export const isFulfilled = ({ time }: Pick<Ask, 'time'>, { inquiredAt = '' }: Payment) =>
  inquiredAt > time;
