import type { SQSRecord } from 'aws-lambda';

interface Delivery {
  readonly messageId?: string;
  /** How often SQS has delivered the message, including this time. */
  readonly receives?: number;
}

/** A record of an SQS event, with the fields that the handlers read. */
export const aQueueRecord = (
  body: string,
  { messageId = 'm0', receives = 1 }: Delivery = {},
): SQSRecord =>
  ({
    messageId,
    receiptHandle: `receipt-${messageId}`,
    body,
    attributes: { ApproximateReceiveCount: `${receives}` },
    eventSource: 'aws:sqs',
  }) as SQSRecord;
