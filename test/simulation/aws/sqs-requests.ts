import { awsError } from '../virtual/network.ts';
import type { MessageAttributes } from './sqs-messages.ts';

type Input = Readonly<Record<string, unknown>>;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const maxMessageBytes = 1_048_576;
const maxAttributes = 10;
const maxReceived = 10;
const maxSeconds = { DelaySeconds: 900, VisibilityTimeout: 43_200 };

const invalid = () => awsError('InvalidParameterValue');

/** Throws InvalidParameterValue for a message that is too large, attributes included, or has too many of them. */
export const checkMessage = (body: string, attributes: MessageAttributes): void => {
  const entries = Object.entries(attributes);
  const texts = entries.flatMap(([name, { DataType = '', StringValue = '' }]) => [
    name,
    DataType,
    StringValue,
  ]);
  const bytes = Buffer.byteLength([body, ...texts].join(''));
  if (body === '' || entries.length > maxAttributes || bytes > maxMessageBytes) throw invalid();
};

/** A duration in milliseconds. Throws InvalidParameterValue if it is out of range. */
export const secondsAt = (
  input: Input,
  name: keyof typeof maxSeconds,
  defaultMs: number,
): number => {
  if (input[name] === undefined) return defaultMs;
  const seconds = Number(input[name]);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > maxSeconds[name]) throw invalid();

  return seconds * 1_000;
};

/** How many messages a request may receive, one by default. Throws InvalidParameterValue above 10. */
export const receiveCountOf = ({ MaxNumberOfMessages = 1 }: Input): number => {
  const count = Number(MaxNumberOfMessages);
  if (!Number.isInteger(count) || count < 1 || count > maxReceived) throw invalid();

  return count;
};
