import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { localClient } from '../local/aws.ts';
import type { LocalStack } from '../local/stack-descriptor.ts';
import { depthIn, present, type QueueDepth } from '../ops/queue-depth.ts';

/** How many messages there are, by the folder of the function that reads the queue; none where there are none. */
export type Depths = Readonly<Record<string, number>>;

export interface Queues {
  /** To be handled now, being handled, or to be handled later. */
  held(): Promise<Depths>;
  /** Of those, the ones that are not for later. */
  waiting(): Promise<Depths>;
  dead(): Promise<Depths>;
  send(consumer: string, body: string): Promise<unknown>;
}

/** The queues of the functions that read one. */
export const queuesOf = ({ endpoint, queues }: LocalStack): Queues => {
  const sqs = new SQSClient({ ...localClient(endpoint), useQueueUrlAsEndpoint: false });
  const depthOf = depthIn(sqs);

  const depths = async (
    which: 'url' | 'deadLettersUrl',
    counted: (depth: QueueDepth) => number,
  ): Promise<Depths> => {
    const found = Object.entries(queues).map(
      async ([consumer, urls]) => [consumer, counted(await depthOf(urls[which]))] as const,
    );

    return Object.fromEntries((await Promise.all(found)).filter(([, depth]) => depth > 0));
  };

  return {
    held: () => depths('url', (depth) => present(depth) + depth.delayed),
    waiting: () => depths('url', present),
    dead: () => depths('deadLettersUrl', present),
    send: (consumer, body) =>
      sqs.send(new SendMessageCommand({ QueueUrl: queues[consumer]?.url, MessageBody: body })),
  };
};
