import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { localClientConfig } from '../local/aws.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { countPresent, createDepthReader, type QueueDepth } from '../ops/queue-depth.ts';

/** Number of messages by consumer. Consumers without messages are missing. */
export type DepthByConsumer = Readonly<Record<string, number>>;

export interface QueueClient {
  /** Visible, in-flight and delayed messages. */
  held(): Promise<DepthByConsumer>;
  /** Visible and in-flight messages. */
  waiting(): Promise<DepthByConsumer>;
  /** Dead-lettered messages. */
  dead(): Promise<DepthByConsumer>;
  send(consumer: string, body: string): Promise<unknown>;
}

/** Creates a client for the queues of all consumers. */
export const createQueueClient = ({ endpoint, queues }: LocalStack): QueueClient => {
  const sqs = new SQSClient({ ...localClientConfig(endpoint), useQueueUrlAsEndpoint: false });
  const depthOf = createDepthReader(sqs);

  const depths = async (
    which: 'url' | 'deadLettersUrl',
    counted: (depth: QueueDepth) => number,
  ): Promise<DepthByConsumer> => {
    const found = Object.entries(queues).map(
      async ([consumer, urls]) => [consumer, counted(await depthOf(urls[which]))] as const,
    );

    return Object.fromEntries((await Promise.all(found)).filter(([, depth]) => depth > 0));
  };

  return {
    held: () => depths('url', (depth) => countPresent(depth) + depth.delayed),
    waiting: () => depths('url', countPresent),
    dead: () => depths('deadLettersUrl', countPresent),
    send: (consumer, body) =>
      sqs.send(new SendMessageCommand({ QueueUrl: queues[consumer]?.url, MessageBody: body })),
  };
};
