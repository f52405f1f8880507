import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Far more messages than all tests leave in one queue. */
const maxPages = 50;

/** The first message of a queue that contains one of these ids. Every message read is invisible for a moment. */
export const findMessage = async (
  sqs: SQSClient,
  QueueUrl: string,
  ...ids: readonly string[]
): Promise<Message | undefined> => {
  for (let page = 0; page < maxPages; page += 1) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1 }),
    );
    const found = Messages.find(({ Body }) => ids.some((id) => Body?.includes(id)));
    if (found || Messages.length === 0) return found;
  }

  return undefined;
};
