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
  /** Who triggers the inquiries. */
  readonly by: InquiryTrigger['source'];
}

/**
 * Requests an immediate inquiry about a payment. Returns false if the payment is not inquirable. Only the
 * gateway's response changes the payment, so any caller with a hint may request an inquiry, any number of
 * times.
 *
 * The request goes to the queue of inquire-payment and not to the bus, because it is not an event: nothing was
 * committed.
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
