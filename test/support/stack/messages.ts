import { randomUUID } from 'node:crypto';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { toQueueMessage } from '../../../dev/smoke/check-redrive.ts';
import { type DomainEvent, eventSource } from '../../../shared/domain/events/domain-event.ts';
import { events, lambda, stack } from './aws-clients.ts';

/** Publishes an event again under its id. */
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

/** Invokes a consumer with one batch, past its queue; returns the failed items. */
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
