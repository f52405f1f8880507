import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  PurgeQueueCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { depthIn, present } from '../../../dev/ops/queue-depth.ts';
import { stationNames } from '../../../shared/application/dead-letters/queue-names.ts';
import { eventually } from '../eventually.ts';
import { findMessage } from '../find-message.ts';
import { sqs, stack } from './aws-clients.ts';
import { environmentOf } from './function-environment.ts';

export const queueOf = (consumer: string) => {
  const queue = stack.queues[consumer];
  if (queue === undefined) throw new Error(`${consumer} reads no queue.`);

  return queue;
};

export const send = (QueueUrl: string, MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));

const depthsOf = depthIn(sqs);

/** How many messages wait in a queue or are in somebody's hand. */
export const depthOf = async (queueUrl: string): Promise<number> =>
  present(await depthsOf(queueUrl));

/** Every queue of dead letters: of functions, rules, streams and schedules alike. */
export const deadLetterQueues = async (): Promise<ReadonlyMap<string, string>> => {
  const stations = stationNames(await environmentOf('list-dead-letters', 'DEAD_LETTERS'));
  const queues = stations.map(async ({ consumer, deadLetters: QueueName }) => {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));

    return [consumer, QueueUrl] as const;
  });

  return new Map(await Promise.all(queues));
};

/** Takes away what other tests have left among the dead letters. */
export const clearDeadLetters = async (): Promise<void> => {
  for (const QueueUrl of (await deadLetterQueues()).values())
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
};

/** A message that speaks of `mark`, once there is one in sight. It is out of sight of others for a moment then. */
export const found = (queueUrl: string, mark: string): Promise<Message> =>
  eventually(async () => {
    const message = await findMessage(sqs, queueUrl, mark);
    if (message === undefined) throw new Error(`${queueUrl} holds nothing of ${mark} yet.`);

    return message;
  });

/** The same, moved out of its queue, into another or nowhere. */
export const taken = async (QueueUrl: string, mark: string, to?: string): Promise<Message> => {
  const message = await found(QueueUrl, mark);
  const { Body = '', ReceiptHandle } = message;
  if (to !== undefined) await send(to, Body);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

  return message;
};

/** Expects a queue to hold nothing that speaks of one of these. What is out of sight is waited for: it might be just that. */
export const expectNothingOf = (queueUrl: string, ...marks: readonly string[]): Promise<void> =>
  eventually(async () => {
    expect(await depthsOf(queueUrl)).toMatchObject({ inHand: 0 });
    expect(await findMessage(sqs, queueUrl, ...marks)).toBeUndefined();
  });
