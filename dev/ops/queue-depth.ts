import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** How many messages a queue holds, roughly, as SQS counts. */
export interface QueueDepth {
  /** To be handled now. */
  readonly waiting: number;
  /** Out with a function. */
  readonly inHand: number;
  /** To come later. */
  readonly delayed: number;
}

/** In it now, wherever: what is to come later does not count. */
export const present = ({ waiting, inHand }: QueueDepth): number => waiting + inHand;

/** Reads how much a queue holds, by its address. */
export const depthIn =
  (sqs: SQSClient) =>
  async (QueueUrl: string | undefined): Promise<QueueDepth> => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      }),
    );
    const count = (name: keyof typeof Attributes) => Number(Attributes[name] ?? 0);

    return {
      waiting: count('ApproximateNumberOfMessages'),
      inHand: count('ApproximateNumberOfMessagesNotVisible'),
      delayed: count('ApproximateNumberOfMessagesDelayed'),
    };
  };
