import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** The visibility timeout of a received message. */
const visibilitySeconds = 60;

/** The message attribute with the number of redrives. */
const redrivesAttribute = 'redrives';

/** A message in a dead-letter queue. */
export interface DeadLetter {
  readonly messageId: string;
  readonly body: string;
  /** ISO 8601: when it was sent to its source queue. */
  readonly sentAt: string;
  /** How often it was redriven. */
  readonly redrives: number;
  /** Why the bus could not deliver it; absent otherwise. */
  readonly error?: string;
  readonly receiptHandle: string;
}

/** Receives, redrives and deletes the messages of one dead-letter queue. */
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
        // A short poll queries only some of the SQS servers and can miss messages.
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );

    return Messages.map(toDeadLetter);
  };

  const deleteMessage = async ({ receiptHandle }: DeadLetter): Promise<void> => {
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receiptHandle }));
  };

  const sendThenDelete = async (
    message: DeadLetter,
    { body, redrives }: Pick<DeadLetter, 'body' | 'redrives'>,
    queueUrl: string,
  ): Promise<void> => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: body,
        MessageAttributes: {
          [redrivesAttribute]: { DataType: 'Number', StringValue: String(redrives) },
        },
      }),
    );
    await deleteMessage(message);
  };

  return {
    /** The approximate number of messages, visible and in flight. */
    async depth(): Promise<number> {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );

      return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
    },

    /** Receives up to `limit` messages. They become visible again after the visibility timeout. */
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

    /** Makes messages visible immediately. If that fails for one, it becomes visible after its timeout. */
    returnToQueue,

    /**
     * Sends a message to its source queue, then deletes it here. A crash in between leaves it in both; its
     * consumer is idempotent.
     */
    redriveTo: (message: DeadLetter, queueUrl: string): Promise<void> =>
      sendThenDelete(message, { ...message, redrives: message.redrives + 1 }, queueUrl),

    /**
     * Sends a message with another body to this queue, then deletes the earlier one. A crash in between leaves
     * both.
     */
    replace: (message: DeadLetter, body: string): Promise<void> =>
      sendThenDelete(message, { ...message, body }, url),

    delete: deleteMessage,
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
