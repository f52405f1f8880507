import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { ConfirmedSale } from '../../../shared/application/events/confirm-sale.ts';
import {
  createDomainEvent,
  type DomainEvent,
  type EventData,
} from '../../../shared/domain/events/domain-event.ts';
import type { SaleEventName } from '../../../shared/domain/outbox/stored-event.ts';
import { noon } from './builders.ts';
import { cancelledTransaction } from './transaction-errors.ts';

/** A payment of 2,500 KRW, completed a minute before noon. */
export const aPaymentCompletedEvent = (
  given: Partial<EventData<'PaymentCompleted'>> = {},
): DomainEvent<'PaymentCompleted'> => {
  const paymentId = `pay_${randomUUID()}`;

  return createDomainEvent(
    'PaymentCompleted',
    { subject: paymentId, version: 3, at: noon.toISOString() },
    {
      paymentId,
      orderId: 'ord_1',
      userId: 'alice',
      amount: 2_500,
      currency: 'KRW',
      lines: [{ sku: 'tea', quantity: 1 }],
      completedAt: '2026-03-14T11:59:00.000Z',
      ...given,
    },
  );
};

/** A refund of 1,000 KRW of that payment, on the next day. */
export const aRefundCompletedEvent = (
  given: Partial<EventData<'RefundCompleted'>> = {},
): DomainEvent<'RefundCompleted'> => {
  const refundId = `rfd_${randomUUID()}`;

  return createDomainEvent(
    'RefundCompleted',
    { subject: refundId, version: 2, at: '2026-03-15T12:00:00.000Z' },
    {
      refundId,
      paymentId: `pay_${randomUUID()}`,
      orderId: 'ord_1',
      userId: 'alice',
      amount: 1_000,
      currency: 'KRW',
      lines: [],
      remainingAmount: 1_500,
      paymentVersion: 5,
      soldAt: '2026-03-14T11:59:00.000Z',
      ...given,
    },
  );
};

/** A sale, as the consumers get it after they have compared its event with the payment or refund. */
export const asConfirmed = <N extends SaleEventName>(event: DomainEvent<N>): ConfirmedSale<N> => ({
  event,
  lines: event.data.lines,
});

/** The error of a transaction whose first condition failed, usually because the marker exists. */
export const markerExistsError = (stored?: object) =>
  cancelledTransaction({ code: 'ConditionalCheckFailed', item: stored }, 'None');

export const itemExistsError = () =>
  new ConditionalCheckFailedException({ message: 'there', $metadata: {} });

export const noonClock = { now: () => noon };
