import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, expect, it, vi } from 'vitest';
import { requestTimeouts } from '../../../shared/config/aws-clients.ts';
import { eventBridgePlatform } from '../../../shared/config/event-bridge-platform.ts';
import { sqsPlatform } from '../../../shared/config/sqs-platform.ts';
import { isTransientError } from '../../../shared/config/transient-errors.ts';
import { startAwsServer } from '../../support/sdk/aws-server.ts';
import { answerWith, type Responder } from '../../support/sdk/scripted-server.ts';

beforeEach(() => {
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'relay-changes');
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793');
});

const start = async (...responders: readonly [Responder, ...Responder[]]) => {
  const { port, requests } = await startAwsServer(...responders);

  return { requests, queueUrl: `http://127.0.0.1:${port}/1/charges` };
};

const stockOptions = { maxAttempts: 2, requestHandler: requestTimeouts };
const messageBody = '{"orderId":"ord_ä","at":1}';

/** The headers that both clients send, but for the user agent and those that differ with each request. */
const comparable = ({ headers, body }: { headers: Record<string, unknown>; body: string }) => {
  const { authorization, host, ...others } = headers;
  const { 'amz-sdk-invocation-id': _id, 'x-amz-date': _date, ...withAgent } = others;
  const { 'user-agent': _long, 'x-amz-user-agent': _short, ...stable } = withAgent;

  return {
    body,
    headers: stable,
    signed: /Credential=AKID\/\d{8}\/([\w/-]+), SignedHeaders=[^,]+/
      .exec(`${authorization}`)?.[0]
      .replace(';x-amz-user-agent', ''),
  };
};

it('sends a message with the request of the SDK, traced and with a checked answer', async () => {
  const { requests, queueUrl } = await start((response) =>
    response.end(
      JSON.stringify({ MessageId: '1', MD5OfMessageBody: 'c8a7a2e9ffe4c2f0aa94ba8f9b6f2e90' }),
    ),
  );
  const command = () => new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: messageBody });

  const errors = [
    await new SQSClient(stockOptions).send(command()).catch((error: Error) => error.message),
    await sqsPlatform
      .createSqs({ maxAttempts: 2 })
      .send(command())
      .catch((error: Error) => error.message),
  ];

  expect(errors).toEqual(['InvalidChecksumError', 'InvalidChecksumError']);
  const [stock, ours] = requests.map(comparable);
  expect(ours).toEqual(stock);
  // By it Lambda recognises a loop of functions and queues.
  expect(ours?.headers).toMatchObject({ 'x-amzn-trace-id': expect.stringContaining('Root=') });
});

it('publishes an event with the request and the output of the SDK', async () => {
  const { requests } = await start(
    answerWith(200, { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] }),
  );
  const command = () =>
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: 'bus',
          Source: 's',
          DetailType: 'd',
          Detail: messageBody,
          Time: new Date(0),
        },
      ],
    });

  const expected = await new EventBridgeClient(stockOptions).send(command());
  const output = await eventBridgePlatform.createEventBridge({ maxAttempts: 2 }).send(command());

  expect({ ...output, $metadata: {} }).toEqual({ ...expected, $metadata: {} });
  const [stock, ours] = requests.map(comparable);
  expect(ours).toEqual(stock);
});

it.each<[string, Responder, number]>([
  [
    'a missing queue',
    answerWith(
      400,
      { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'm' },
      { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
    ),
    1,
  ],
  [
    'a throttle',
    answerWith(400, { __type: 'com.amazonaws.sqs#RequestThrottled', message: 'm' }),
    2,
  ],
  ['a 500', answerWith(500, {}), 2],
])(
  'throws the error of the SDK after the same attempts: %s',
  async (_what, responder, attempts) => {
    const errorOf = async (createClient: () => SQSClient) => {
      const { requests, queueUrl } = await start(responder);
      const error = await createClient()
        .send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'm' }))
        .catch((reason: Error) => reason);
      const { name, message, $fault } = error as Error & { $fault: string };

      return {
        name,
        message,
        type: error.constructor.name,
        $fault,
        isTransient: isTransientError(error),
        sent: requests.length,
      };
    };

    const expected = await errorOf(() => new SQSClient(stockOptions));

    expect(expected.sent).toBe(attempts);
    expect(await errorOf(() => sqsPlatform.createSqs({ maxAttempts: 2 }))).toEqual(expected);
  },
);
