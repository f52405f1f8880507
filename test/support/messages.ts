import { randomUUID } from 'node:crypto';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import {
  type DomainEvent,
  domainEvent,
  type EventData,
  type EventName,
  eventSource,
} from '../../shared/domain/events.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import { stationNames } from '../../shared/operations/station-names.ts';
import { events, lambda, sqs, stack } from './aws.ts';

/** An event of one version of a payment, as the relay publishes it. */
export const eventOf = <N extends EventName>(
  name: N,
  { paymentId, version, updatedAt }: Payment,
  data: EventData<N>,
): DomainEvent<N> => domainEvent(name, { subject: paymentId, version, at: updatedAt }, data);

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
export const messageOf = ({ name, ...detail }: DomainEvent): string =>
  JSON.stringify({
    version: '0',
    id: randomUUID(),
    source: eventSource,
    'detail-type': name,
    detail,
  });

export const queueOf = (consumer: string) => {
  const queue = stack.queues[consumer];
  if (queue === undefined) throw new Error(`${consumer} reads no queue.`);

  return queue;
};

export const send = (queueUrl: string, body: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));

/** Hands events to a queue's function as one batch, at once and past the queue; the answer names those that failed. */
export const deliver = async (
  consumer: string,
  ...delivered: readonly DomainEvent[]
): Promise<SQSBatchResponse> => {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({
      FunctionName: stack.functions[consumer],
      Payload: JSON.stringify({ Records: delivered.map(recordOf) }),
    }),
  );
  const answer = Payload?.transformToString() ?? '';
  if (FunctionError) throw new Error(`${consumer} threw: ${answer}`);

  return JSON.parse(answer) as SQSBatchResponse;
};

const recordOf = (event: DomainEvent): SQSEvent['Records'][number] => ({
  messageId: randomUUID(),
  receiptHandle: randomUUID(),
  body: messageOf(event),
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

/** How many messages each dead-letter queue holds, by the folder of the function whose they are. */
export const deadLetters = async (): Promise<Readonly<Record<string, number>>> => {
  const depths = Object.entries(stack.queues).map(async ([consumer, { deadLettersUrl }]) => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: deadLettersUrl,
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );

    return [consumer, Number(Attributes?.ApproximateNumberOfMessages)] as const;
  });

  return Object.fromEntries(await Promise.all(depths));
};

/** Takes away what other tests have left among the dead letters, of functions, rules, streams and schedules alike. */
export const clearDeadLetters = async (): Promise<void> => {
  const stations = stationNames(await environmentOf('list-dead-letters', 'DEAD_LETTERS'));
  await Promise.all(
    stations.map(async ({ deadLetters: QueueName }) => {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
      await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    }),
  );
};

/** Far more than all tests of a run leave in one queue. */
const mostPages = 50;

/** The first message of a queue that speaks of `mark`, however many lie before it. All that are looked at are hidden for a moment. */
export const find = async (queueUrl: string, mark: string): Promise<Message | undefined> => {
  for (let page = 0; page < mostPages; page += 1) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 1,
      }),
    );
    const found = Messages.find(({ Body }) => Body?.includes(mark));
    if (found || Messages.length === 0) return found;
  }

  return undefined;
};

/** Moves a message out of a queue, into another or nowhere. */
export const take = async (queueUrl: string, { ReceiptHandle, Body }: Message, to?: string) => {
  if (to !== undefined) await send(to, Body ?? '');
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
};

/** A variable of a deployed function's environment. */
export const environmentOf = async (folder: string, name: string): Promise<string> => {
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: stack.functions[folder] }),
  );
  const value = Environment?.Variables?.[name];
  if (value === undefined) throw new Error(`${folder} has no ${name}.`);

  return value;
};
