import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { requireEnv } from '../../config/env.ts';
import type { BasePlatform, SqsPlatform } from '../../config/platform.ts';
import { buildInquiryRequest, isInquirable } from '../../domain/payments/inquiry-request.ts';
import type { InquiryTrigger, Payment } from '../../domain/payments/payment.ts';
import type { Clock } from '../../domain/time.ts';
import { queueMessageBody } from '../../lambda/queued-event.ts';

export type RequestInquiry = (payment: Payment) => Promise<boolean>;

interface Dependencies {
  readonly sqs: Pick<SQSClient, 'send'>;
  /** The queue of inquire-payment. */
  readonly queueUrl: string;
  readonly clock: Clock;
  readonly randomId: () => string;
  /** Whose wishes these are. */
  readonly by: InquiryTrigger['source'];
}

/**
 * Has the PG asked about a payment at once; false where there is nothing to ask. Only the PG's own answer ever moves the payment, so
 * that whoever has a hint may call this, and as often as it likes.
 *
 * To the queue and not to the bus: nothing was committed that an event would tell.
 */
export const createRequestInquiry =
  ({ sqs, queueUrl, clock, randomId, by }: Dependencies): RequestInquiry =>
  async (payment) => {
    if (!isInquirable(payment)) return false;
    const request = buildInquiryRequest(payment, {
      source: by,
      requestedAt: clock.now().toISOString(),
      triggerId: randomId(),
    });
    await sqs.send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: queueMessageBody(request) }),
    );

    return true;
  };

/** Sends to the queue that INQUIRY_QUEUE_URL names. */
export const requestInquiryFromEnv = (
  { environment, clock, randomId, createSqs }: BasePlatform & SqsPlatform,
  by: InquiryTrigger['source'],
): RequestInquiry =>
  createRequestInquiry({
    sqs: createSqs({ maxAttempts: 2 }),
    queueUrl: requireEnv(environment, 'INQUIRY_QUEUE_URL').INQUIRY_QUEUE_URL,
    ...{ clock, randomId, by },
  });
