import { createDomainEvent, type DomainEvent } from '../events/domain-event.ts';
import type { InquiryTrigger, Payment, PaymentStatus } from './payment.ts';

export type InquiryRequest = DomainEvent<'PaymentOutcomeUnknown'>;

const inquirableStatuses: readonly PaymentStatus[] = [
  'RESERVED',
  'CHARGING',
  'UNKNOWN',
  'FAILED',
  'COMPENSATED',
  'IN_REVIEW',
];

const endedStatuses: readonly PaymentStatus[] = ['COMPLETED', 'REVERSED'];

/** Nothing of it is open, but what the PG holds of it may have changed since: the two are compared. */
export const isEnded = ({ status }: Pick<Payment, 'status'>) => endedStatuses.includes(status);

/**
 * Whether the PG may know more of a payment than we do. While its charger is at work on it, the wish waits; of one that was never claimed,
 * or costs nothing, the PG has nothing.
 */
export const isInquirable = ({ status, attempt, amount }: Payment) =>
  (inquirableStatuses.includes(status) || isEnded({ status })) && attempt > 0 && amount > 0;

/** The wish that the PG be asked at once, in the form that an inquiry's message has. It tells of no write, so its id counts no version, and says whose wish it is. */
export const buildInquiryRequest = (
  payment: Payment,
  { source, requestedAt, triggerId }: IdentifiedTrigger,
): InquiryRequest => {
  const { paymentId, orderId, userId, amount, currency, attempt } = payment;
  const data = { paymentId, orderId, userId, amount, currency, attempt };
  const { version, traceparent } = payment;
  const eventSource = { subject: paymentId, version, at: requestedAt, traceparent };

  return {
    ...createDomainEvent('PaymentOutcomeUnknown', eventSource, data),
    id: `${inquiryIdPrefix}${source}_${triggerId}`,
  };
};

interface IdentifiedTrigger extends InquiryTrigger {
  /** Of its own. */
  readonly triggerId: string;
}

const inquiryIdPrefix = 'inquiry_';

/** Whose wish it was and when, as the journal keeps it. */
export const triggerOf = (
  request: Pick<InquiryRequest, 'id' | 'time'> | undefined,
): { readonly trigger?: InquiryTrigger } => {
  if (request === undefined) return {};
  const source = request.id.startsWith(`${inquiryIdPrefix}webhook_`) ? 'webhook' : 'operator';

  return { trigger: { source: source, requestedAt: request.time } };
};

export const isInquiryRequest = ({ id }: Pick<DomainEvent, 'id'>) => id.startsWith(inquiryIdPrefix);

/** The PG was asked after the wish was made, whoever did it: what it knew then is written. */
export const isInquiryAnswered = (
  { time }: Pick<InquiryRequest, 'time'>,
  { lastInquiredAt = '' }: Payment,
) => lastInquiredAt > time;
