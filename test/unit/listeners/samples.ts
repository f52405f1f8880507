import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { type DomainEvent, domainEvent, type EventData } from '../../../shared/domain/events.ts';
import { noon } from '../../support/builders.ts';

/** A payment of 2,500 KRW that went through a minute before noon. */
export const aCompletion = (
  given: Partial<EventData<'PaymentCompleted'>> = {},
): DomainEvent<'PaymentCompleted'> => {
  const paymentId = `pay_${randomUUID()}`;

  return domainEvent(
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

/** A transaction whose first condition failed: its marker is there. */
export const marked = () =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
  });

export const alreadyThere = () =>
  new ConditionalCheckFailedException({ message: 'there', $metadata: {} });

export const atNoon = { now: () => noon };
