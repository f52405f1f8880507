import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** How long a message is out of sight of others while it is looked at. */
const visibilitySeconds = 60;

/** Travels with a message: how often it was taken out of the dead letters. */
const redrivesAttribute = 'redrives';

/** A dead letter as it lies there. */
export interface DeadLetter {
  readonly messageId: string;
  readonly body: string;
  /** ISO 8601: when it was sent to the queue that it comes from. */
  readonly sentAt: string;
  /** How often it was sent again from here. */
  readonly redrives: number;
  /** Where the bus could not deliver it: why. */
  readonly error?: string;
  readonly receiptHandle: string;
}

/** The dead letters of one queue, and how they get out of there. */
export const createDeadLetterQueue = (sqs: SQSClient, url: string) => {
  const returnToQueue = async (messages: readonly DeadLetter[]): Promise<void> => {
    await Promise.allSettled(
      messages.map(({ receiptHandle }) =>
        sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: url,
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: 0,
          }),
        ),
      ),
    );
  };

  const receiveBatch = async (limit: number): Promise<readonly DeadLetter[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: limit,
        VisibilityTimeout: visibilitySeconds,
        // Without a wait SQS asks a part of its servers, and may answer that there is nothing.
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );

    return Messages.map(toDeadLetter);
  };

  return {
    /** Roughly, as SQS counts. */
    async depth(): Promise<number> {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );

      return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
    },

    /** Takes up to `most` into the hand: out of sight for a minute, and then there again if nobody did anything with them. */
    async receive(limit: number): Promise<readonly DeadLetter[]> {
      const messages = new Map<string, DeadLetter>();
      while (messages.size < limit) {
        const received = await receiveBatch(Math.min(10, limit - messages.size)).catch(
          async (error) => {
            await returnToQueue([...messages.values()]);
            throw error;
          },
        );
        if (received.length === 0) break;
        for (const message of received) messages.set(message.messageId, message);
      }

      return [...messages.values()];
    },

    /**
     * Lays them back, so that the next one who looks sees them immediately. One that this fails for is visible again when its minute is
     * over.
     */
    returnToQueue,

    /** Sends a letter to the queue that it failed in, and takes it from here. Between the two it may be in both: its effect has a fence. */
    async redriveTo(
      { body, receiptHandle, redrives: redriveCount }: DeadLetter,
      queueUrl: string,
    ): Promise<void> {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: body,
          MessageAttributes: {
            [redrivesAttribute]: { DataType: 'Number', StringValue: String(redriveCount + 1) },
          },
        }),
      );
      await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receiptHandle }));
    },

    async delete({ receiptHandle }: DeadLetter): Promise<void> {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receiptHandle }));
    },
  };
};

export type DeadLetterQueue = ReturnType<typeof createDeadLetterQueue>;

const toDeadLetter = ({
  MessageId,
  Body,
  ReceiptHandle,
  Attributes,
  MessageAttributes,
}: Message): DeadLetter => {
  const error = MessageAttributes?.ERROR_MESSAGE?.StringValue;

  return {
    messageId: MessageId ?? '',
    body: Body ?? '',
    sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
    redrives: Number(MessageAttributes?.[redrivesAttribute]?.StringValue ?? 0),
    ...(error && { error }),
    receiptHandle: ReceiptHandle ?? '',
  };
};
