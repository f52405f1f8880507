import type { SQSBatchResponse, SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import type { DeployedConsumer } from '../../support/cdk/deployment/event-sources.ts';
import type { InvocationResult } from './lambda.ts';

/** As in the requests of the SDK. */
export type MessageAttributes = Readonly<
  Record<string, { DataType?: string; StringValue?: string }>
>;

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sentAt: number;
  received: number;
  visibleAt: number;
  /** Of the last receive. */
  receipt: string | undefined;
}

const parseEvent = (body: string) => {
  try {
    return JSON.parse(body) as { 'detail-type'?: string; detail?: { id?: string } };
  } catch {
    return undefined;
  }
};

export const eventIdOf = (body: string): string | undefined => parseEvent(body)?.detail?.id;

export const bodyText = (body: string): string => {
  const event = parseEvent(body);

  return event === undefined ? 'not JSON' : `${event['detail-type']} ${event.detail?.id}`;
};

/**
 * The ids of the messages that stay in the queue: all if the function failed, or reported something that is not the id
 * of a message of the batch. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const failedIds = (
  result: InvocationResult,
  batch: readonly QueueMessage[],
  { reportsBatchItemFailures }: DeployedConsumer,
): ReadonlySet<string> => {
  const all = new Set(batch.map(({ id }) => id));
  if (result.kind !== 'returned') return all;
  if (!reportsBatchItemFailures) return new Set();
  const { batchItemFailures } = (result.value ?? {}) as Partial<SQSBatchResponse>;
  const failed = (batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);

  return failed.every((id) => all.has(id)) ? new Set(failed) : all;
};

export const sqsAttributes = ({ received, sentAt }: QueueMessage) => ({
  ApproximateReceiveCount: String(received),
  SentTimestamp: String(sentAt),
  SenderId: 'AIDASIMULATION',
  ApproximateFirstReceiveTimestamp: String(sentAt),
});

export const toRecord = (message: QueueMessage, queue: string): SQSRecord => ({
  messageId: message.id,
  receiptHandle: message.receipt ?? '',
  body: message.body,
  attributes: sqsAttributes(message),
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes).map(([name, { DataType = '', StringValue }]) => [
      name,
      { dataType: DataType, ...(StringValue !== undefined && { stringValue: StringValue }) },
    ]),
  ) as SQSMessageAttributes,
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
  awsRegion: 'us-east-1',
});
