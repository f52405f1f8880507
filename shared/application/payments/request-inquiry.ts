import { randomUUID } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { patience } from '../../config/aws-clients.ts';
import { requireEnv } from '../../config/env.ts';
import { systemClock } from '../../config/system-clock.ts';
import type { Clock } from '../../domain/clock.ts';
import { askNow, canBeAsked } from '../../domain/payments/inquiry-request.ts';
import type { Payment, Wish } from '../../domain/payments/payment.ts';
import { queuedBody } from '../../lambda/sqs-handler.ts';

export type AskPg = (payment: Payment) => Promise<boolean>;

interface Dependencies {
  readonly sqs: Pick<SQSClient, 'send'>;
  /** The queue of inquire-payment. */
  readonly queueUrl: string;
  readonly clock: Clock;
  /** Whose wishes these are. */
  readonly by: Wish['by'];
}

/**
 * Has the PG asked about a payment at once; false where there is nothing to ask. Only the PG's own answer ever moves the payment, so
 * that whoever has a hint may call this, and as often as it likes.
 *
 * To the queue and not to the bus: nothing was committed that an event would tell.
 */
export const pgAsker =
  ({ sqs, queueUrl, clock, by }: Dependencies): AskPg =>
  async (payment) => {
    if (!canBeAsked(payment)) return false;
    const ask = askNow(payment, { by, at: clock.now().toISOString(), name: randomUUID() });
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: queuedBody(ask) }));

    return true;
  };

export const pgAskerFromEnv = (by: Wish['by']): AskPg =>
  pgAsker({
    sqs: new SQSClient({ maxAttempts: 2, requestHandler: patience }),
    queueUrl: requireEnv('INQUIRY_QUEUE_URL').INQUIRY_QUEUE_URL,
    clock: systemClock,
    by,
  });
