import { randomUUID } from 'node:crypto';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type DomainEvent, eventSource } from '../../../shared/domain/events/domain-event.ts';
import { events, lambda, stack } from './aws-clients.ts';

/** Puts an event on the bus, as it has been there before: the same id. */
export const publish = async ({ name, ...detail }: DomainEvent): Promise<void> => {
  const { FailedEntryCount } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: stack.eventBusName,
          Source: eventSource,
          DetailType: name,
          Detail: JSON.stringify(detail),
        },
      ],
    }),
  );
  if (FailedEntryCount) throw new Error(`${name} was not published.`);
};

/** An event as its rule puts it into a queue. */
export const toQueueMessage = ({ name, ...detail }: DomainEvent): string =>
  JSON.stringify({
    version: '0',
    id: randomUUID(),
    source: eventSource,
    'detail-type': name,
    detail,
  });

/** Hands events to a queue's function as one batch, at once and past the queue; the answer names those that failed. */
export const deliver = async (
  consumer: string,
  ...delivered: readonly DomainEvent[]
): Promise<SQSBatchResponse> => {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({
      FunctionName: stack.functions[consumer],
      Payload: JSON.stringify({ Records: delivered.map(toSqsRecord) }),
    }),
  );
  const response = Payload?.transformToString() ?? '';
  if (FunctionError) throw new Error(`${consumer} threw: ${response}`);

  return JSON.parse(response) as SQSBatchResponse;
};

const toSqsRecord = (event: DomainEvent): SQSEvent['Records'][number] => ({
  messageId: randomUUID(),
  receiptHandle: randomUUID(),
  body: toQueueMessage(event),
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'tests',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:tests',
  awsRegion: stack.region,
});
