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
const lookSeconds = 60;

/** Travels with a message: how often it was taken out of the dead letters. */
const redrives = 'redrives';

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
  readonly receipt: string;
}

/** The dead letters of one queue, and how they get out of there. */
export const deadLetterQueue = (sqs: SQSClient, url: string) => {
  const release = async (letters: readonly DeadLetter[]): Promise<void> => {
    await Promise.allSettled(
      letters.map(({ receipt }) =>
        sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: url,
            ReceiptHandle: receipt,
            VisibilityTimeout: 0,
          }),
        ),
      ),
    );
  };

  const receive = async (most: number): Promise<readonly DeadLetter[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: most,
        VisibilityTimeout: lookSeconds,
        // Without a wait SQS asks a part of its servers, and may answer that there is nothing.
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );

    return Messages.map(letterOf);
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
    async look(most: number): Promise<readonly DeadLetter[]> {
      const seen = new Map<string, DeadLetter>();
      while (seen.size < most) {
        const received = await receive(Math.min(10, most - seen.size)).catch(async (fault) => {
          await release([...seen.values()]);
          throw fault;
        });
        if (received.length === 0) break;
        for (const letter of received) seen.set(letter.messageId, letter);
      }

      return [...seen.values()];
    },

    /**
     * Lays them back, so that the next one who looks sees them immediately. One that this fails for is visible again when its minute is
     * over.
     */
    release,

    /** Sends a letter to the queue that it failed in, and takes it from here. Between the two it may be in both: its effect has a fence. */
    async sendAgain({ body, receipt, redrives: before }: DeadLetter, to: string): Promise<void> {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: to,
          MessageBody: body,
          MessageAttributes: {
            [redrives]: { DataType: 'Number', StringValue: String(before + 1) },
          },
        }),
      );
      await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt }));
    },

    async drop({ receipt }: DeadLetter): Promise<void> {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt }));
    },
  };
};

export type DeadLetterQueue = ReturnType<typeof deadLetterQueue>;

const letterOf = ({
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
    redrives: Number(MessageAttributes?.[redrives]?.StringValue ?? 0),
    ...(error && { error }),
    receipt: ReceiptHandle ?? '',
  };
};
