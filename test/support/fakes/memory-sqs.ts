import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

interface StoredMessage {
  readonly queue: string;
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Record<string, MessageAttributeValue>;
  readonly sentAt: Date;
  isInFlight: boolean;
}

/** An in-memory SQS for dead-letter queues. The queue URL is the name; a received message stays in flight until it is released. */
export class MemorySqs {
  readonly #messages = new Set<StoredMessage>();
  #sent = 0;

  /** Typed as the SQS client. */
  get client(): SQSClient {
    return this as unknown as SQSClient;
  }

  put(
    queue: string,
    body: string,
    {
      sentAt = new Date(0),
      attributes = {},
    }: { sentAt?: Date; attributes?: StoredMessage['attributes'] } = {},
  ): string {
    this.#sent += 1;
    const messageId = `m-${this.#sent}`;
    this.#messages.add({ queue, messageId, body, attributes, sentAt, isInFlight: false });

    return messageId;
  }

  /** Visible messages of a queue, in sending order. */
  visibleMessages(queue: string): readonly StoredMessage[] {
    return [...this.#messages].filter((one) => one.queue === queue && !one.isInFlight);
  }

  async send(command: unknown): Promise<object> {
    if (command instanceof GetQueueUrlCommand) return { QueueUrl: command.input.QueueName };
    if (command instanceof GetQueueAttributesCommand) return this.#count(command.input.QueueUrl);
    if (command instanceof SendMessageCommand) {
      const { QueueUrl = '', MessageBody = '', MessageAttributes } = command.input;

      return {
        MessageId: this.put(QueueUrl, MessageBody, { attributes: MessageAttributes ?? {} }),
      };
    }
    if (command instanceof ReceiveMessageCommand) return this.#receive(command.input);
    if (command instanceof DeleteMessageCommand) {
      this.#messages.delete(this.#held(command.input));

      return {};
    }
    if (command instanceof ChangeMessageVisibilityCommand) {
      this.#held(command.input).isInFlight = false;

      return {};
    }
    throw new Error(`MemorySqs does not support ${(command as object).constructor.name}.`);
  }

  #count(queue = ''): object {
    const all = [...this.#messages].filter((one) => one.queue === queue).length;
    const visible = this.visibleMessages(queue).length;

    return {
      Attributes: {
        ApproximateNumberOfMessages: `${visible}`,
        ApproximateNumberOfMessagesNotVisible: `${all - visible}`,
      },
    };
  }

  #receive({ QueueUrl = '', MaxNumberOfMessages = 1 }: ReceiveMessageCommand['input']): object {
    const taken = this.visibleMessages(QueueUrl).slice(0, MaxNumberOfMessages);
    for (const one of taken) one.isInFlight = true;

    return {
      Messages: taken.map(({ messageId, body, attributes, sentAt }) => ({
        MessageId: messageId,
        Body: body,
        ReceiptHandle: messageId,
        Attributes: { SentTimestamp: `${sentAt.getTime()}` },
        MessageAttributes: attributes,
      })),
    };
  }

  #held({ ReceiptHandle }: { readonly ReceiptHandle?: string | undefined }): StoredMessage {
    const held = [...this.#messages].find(
      (one) => one.messageId === ReceiptHandle && one.isInFlight,
    );
    if (held === undefined)
      throw new Error(`No message in flight has the receipt handle ${ReceiptHandle}.`);

    return held;
  }
}
