import { type DomainEvent, domainEvent } from './events.ts';
import type { Payment } from './payment.ts';
import type { PaymentStatus } from './transitions.ts';

export type Ask = DomainEvent<'PaymentOutcomeUnknown'>;

const open: readonly PaymentStatus[] = ['UNKNOWN', 'FAILED', 'COMPENSATED', 'IN_REVIEW'];

/**
 * Whether the PG may know more of a payment than we do. A claimed one is its charger's to decide; of one that was never claimed, or
 * costs nothing, the PG has nothing; what is completed or reversed is known.
 */
export const canBeAsked = ({ status, attempt, amount }: Payment) =>
  open.includes(status) && attempt > 0 && amount > 0;

/** The wish that the PG be asked at once, in the form that an inquiry's message has. It tells of no write, so its id counts no version. */
export const askNow = (payment: Payment, at: Date, name: string): Ask => {
  const { paymentId, orderId, userId, amount, currency, attempt } = payment;
  const data = { paymentId, orderId, userId, amount, currency, attempt };
  const { version, traceparent } = payment;
  const of = { subject: paymentId, version, at: at.toISOString(), traceparent };

  return { ...domainEvent('PaymentOutcomeUnknown', of, data), id: `${prefix}${name}` };
};

const prefix = 'ask_';

export const isAsk = ({ id }: Pick<DomainEvent, 'id'>) => id.startsWith(prefix);

/** The PG was asked after the wish was made, whoever did it: what it knew then is written. */
export const isFulfilled = ({ time }: Pick<Ask, 'time'>, { inquiredAt = '' }: Payment) =>
  inquiredAt > time;
