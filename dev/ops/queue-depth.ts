import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** How many messages a queue holds, roughly, as SQS counts. */
export interface QueueDepth {
  /** To be handled now. */
  readonly visible: number;
  /** Out with a function. */
  readonly inFlight: number;
  /** To come later. */
  readonly delayed: number;
}

/** In it now, wherever: what is to come later does not count. */
export const countPresent = ({ visible: waiting, inFlight: inHand }: QueueDepth): number =>
  waiting + inHand;

/** Reads how much a queue holds, by its address. */
export const createDepthReader =
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
      visible: count('ApproximateNumberOfMessages'),
      inFlight: count('ApproximateNumberOfMessagesNotVisible'),
      delayed: count('ApproximateNumberOfMessagesDelayed'),
    };
  };
