import { createDomainEvent, type DomainEvent } from '../events/domain-event.ts';
import { isEnded } from './inquiry-hint.ts';
import {
  type InquiryTrigger,
  inquirySources,
  type Payment,
  type PaymentStatus,
} from './payment.ts';

export type InquiryRequest = DomainEvent<'PaymentOutcomeUnknown'>;

const inquirableStatuses: readonly PaymentStatus[] = [
  'REQUIRES_METHOD',
  'RESERVED',
  'CHARGING',
  'REQUIRES_ACTION',
  'UNKNOWN',
  'FAILED',
  'COMPENSATED',
  'IN_REVIEW',
];

/**
 * Whether the gateway may have news of a payment. A payment that was never claimed, or without a part for the
 * gateway, is not there. While the charger works on it, or it waits for another payment method, the inquiry waits.
 */
export const isInquirable = ({ status, attempt, gatewayAmount }: Payment) =>
  (inquirableStatuses.includes(status) || isEnded({ status })) && attempt > 0 && gatewayAmount > 0;

/**
 * Builds the request for an immediate inquiry, as an inquiry message. Its id names the source and is not a
 * version.
 */
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
  /** Unique per source. */
  readonly triggerId: string;
}

const inquiryIdPrefix = 'inquiry_';

/** The trigger of an inquiry request, as the history stores it. */
export const triggerOf = (
  request: Pick<InquiryRequest, 'id' | 'time'> | undefined,
): { readonly trigger?: InquiryTrigger } => {
  if (request === undefined) return {};
  const { id, time } = request;
  const source = inquirySources.find((one) => id.startsWith(`${inquiryIdPrefix}${one}_`));

  return { trigger: { source: source ?? 'operator', requestedAt: time } };
};

export const isInquiryRequest = ({ id }: Pick<DomainEvent, 'id'>) => id.startsWith(inquiryIdPrefix);

/** Whether an inquiry after the request has been answered and stored. */
export const isInquiryAnswered = (
  { time }: Pick<InquiryRequest, 'time'>,
  { lastInquiredAt = '' }: Payment,
) => lastInquiredAt > time;
