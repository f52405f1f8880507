import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  PurgeQueueCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { countPresent, createDepthReader } from '../../../dev/ops/queue-depth.ts';
import { parseQueueNames } from '../../../shared/application/dead-letters/queue-names.ts';
import { eventually } from '../eventually.ts';
import { findMessage } from '../find-message.ts';
import { sqs, stack } from './aws-clients.ts';
import { environmentVariable } from './function-environment.ts';

export const consumerQueue = (consumer: string) => {
  const queue = stack.queues[consumer];
  if (queue === undefined) throw new Error(`${consumer} reads no queue.`);

  return queue;
};

export const sendMessage = (QueueUrl: string, MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));

const readDepths = createDepthReader(sqs);

/** Number of visible and in-flight messages. */
export const queueDepth = async (queueUrl: string): Promise<number> =>
  countPresent(await readDepths(queueUrl));

/** Every dead-letter queue: of functions, rules, streams and schedules. */
export const deadLetterQueueUrls = async (): Promise<ReadonlyMap<string, string>> => {
  const dlqNames = parseQueueNames(await environmentVariable('list-dead-letters', 'DEAD_LETTERS'));
  const queues = dlqNames.map(async ({ consumer, deadLetters: QueueName }) => {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));

    return [consumer, QueueUrl] as const;
  });

  return new Map(await Promise.all(queues));
};

/** Empties all dead-letter queues. */
export const purgeDeadLetterQueues = async (): Promise<void> => {
  for (const QueueUrl of (await deadLetterQueueUrls()).values())
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
};

/** Waits for a message that contains `id`; the message is then invisible for a moment. */
export const waitForMessage = (queueUrl: string, id: string): Promise<Message> =>
  eventually(async () => {
    const message = await findMessage(sqs, queueUrl, id);
    if (message === undefined) throw new Error(`${queueUrl} holds nothing of ${id} yet.`);

    return message;
  });

/** Waits for such a message and moves it to another queue, or deletes it. */
export const takeMessage = async (QueueUrl: string, id: string, to?: string): Promise<Message> => {
  const message = await waitForMessage(QueueUrl, id);
  const { Body = '', ReceiptHandle } = message;
  if (to !== undefined) await sendMessage(to, Body);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

  return message;
};

/** Expects a queue without messages that contain one of these ids; waits for in-flight messages first. */
export const expectNoMessage = (queueUrl: string, ...ids: readonly string[]): Promise<void> =>
  eventually(async () => {
    expect(await readDepths(queueUrl)).toMatchObject({ inFlight: 0 });
    expect(await findMessage(sqs, queueUrl, ...ids)).toBeUndefined();
  });
