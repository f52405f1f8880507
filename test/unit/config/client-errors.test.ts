import type { ServerResponse } from 'node:http';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoErrors, errorClassOf } from '../../../shared/config/dynamodb-errors.ts';
import { createRequestHandler } from '../../../shared/config/request-handler.ts';
import { isTransientError } from '../../../shared/config/transient-errors.ts';
import { wasRetriedBySdk } from '../../../shared/persistence/dynamodb/retry.ts';
import { createClientPair } from '../../support/sdk/document-clients.ts';
import {
  answerWith,
  dropAnswer,
  hang,
  type ReceivedRequest,
  type Responder,
  startScriptedServer,
} from '../../support/sdk/scripted-server.ts';

const startAnswer = (response: ServerResponse, then?: () => void) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"Item"', then);
};

const stall: Responder = (response) => startAnswer(response);

/** Short for a server that does not answer; else long, so that load on the machine does not change an outcome. */
const timeoutsFor = (responders: readonly Responder[]) => {
  const limit = responders.includes(hang) || responders.includes(stall) ? 1_000 : 20_000;

  return { connectionTimeout: limit, requestTimeout: limit, throwOnRequestTimeout: true };
};

/** What the code that handles an error can see of it. */
const describeError = (error: unknown) => {
  const { name, $fault, $metadata, code, Item, CancellationReasons } = error as Partial<
    Record<string, unknown>
  >;
  const { httpStatusCode, attempts, requestId } = ($metadata ?? {}) as Record<string, unknown>;

  return {
    ...{ name, className: (error as Error).constructor.name, $fault, code },
    ...{ httpStatusCode, attempts, requestId, Item, CancellationReasons },
    message: $metadata !== undefined && httpStatusCode !== undefined && (error as Error).message,
    errorClass: errorClassOf(error),
    isTransient: isTransientError(error),
    wasRetried: wasRetriedBySdk(error),
  };
};

type Outcome = 'sent' | ReturnType<typeof describeError>;

/** Sends one transaction by a client of the pair to a server of its own. */
const transact = async (
  name: 'stock' | 'ours',
  responders: readonly [Responder, ...Responder[]],
) => {
  const { port, requests, close } = await startScriptedServer(responders);
  const timeouts = timeoutsFor(responders);
  const requestHandler = name === 'ours' ? createRequestHandler(timeouts) : timeouts;
  const client = createClientPair({ endpoint: `http://127.0.0.1:${port}`, requestHandler })[name];
  const command = new TransactWriteCommand({
    TransactItems: [{ Put: { TableName: 'Payments', Item: { paymentId: 'pay_1' } } }],
  });
  const outcome = await client.send(command).then(
    (): Outcome => 'sent',
    (error): Outcome => describeError(error),
  );
  close();

  return { outcome, requests };
};

const tokenOf = ({ body }: ReceivedRequest) => JSON.parse(body).ClientRequestToken;

/** Sends by both clients and expects the same outcome of the same number of requests. Returns those of ours. */
const expectSameOutcome = async (...responders: readonly [Responder, ...Responder[]]) => {
  const [stock, ours] = await Promise.all([
    transact('stock', responders),
    transact('ours', responders),
  ]);

  expect(ours.outcome).toEqual(stock.outcome);
  expect(ours.requests.length).toBe(stock.requests.length);
  expect(new Set(ours.requests.map(tokenOf)).size).toBe(1);

  return ours;
};

const errorAnswer = (type: string, status: number, members: object = {}) =>
  answerWith(
    status,
    { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: `${type} text`, ...members },
    { 'x-amzn-requestid': 'request-1' },
  );

const ok = answerWith(200, {});
const Item = { paymentId: { S: 'pay_1' }, history: { L: [{ M: { n: { N: '1' } } }] } };

describe.concurrent('error of a client', () => {
  it.for(Object.keys(dynamoErrors))('is the same as that of the SDK: %s', async (type) => {
    const status = type === 'InternalServerError' ? 500 : type === 'ServiceUnavailable' ? 503 : 400;

    await expectSameOutcome(errorAnswer(type, status));
  });

  it.for([
    ['a failed condition with the stored item', 'ConditionalCheckFailedException', { Item }],
    [
      'a cancelled transaction with its reasons',
      'TransactionCanceledException',
      {
        CancellationReasons: [
          { Code: 'None' },
          { Code: 'ConditionalCheckFailed', Message: 'failed', Item },
          { Code: 'TransactionConflict', Message: 'conflict' },
        ],
      },
    ],
  ] as const)(
    'has the same members as that of the SDK: %s',
    async ([, type, members], { expect }) => {
      const { outcome, requests } = await expectSameOutcome(errorAnswer(type, 400, members));

      expect(outcome).toMatchObject({ className: type, attempts: 1, ...members });
      expect(requests.length).toBe(1);
    },
  );

  it.for<[string, Responder]>([
    ['an unknown code', errorAnswer('NewException', 400)],
    ['an unknown code of a 5xx', errorAnswer('NewException', 502)],
    ['an expired session', errorAnswer('ExpiredTokenException', 400)],
    ['a throttle by status', answerWith(429, {})],
    [
      'a page of a load balancer',
      answerWith(503, '<html>503</html>', { 'content-type': 'text/html' }),
    ],
    ['an empty 500', answerWith(500, '')],
    ['a success that is not JSON', answerWith(200, '{"Item":')],
    ['a code in a header', answerWith(400, {}, { 'x-amzn-errortype': 'ValidationException:' })],
  ])('is the same as that of the SDK: %s', async ([, responder]) => {
    await expectSameOutcome(responder);
  });

  it.for<[string, Responder]>([
    ['no answer in time', hang],
    ['a connection that closes before the answer', dropAnswer],
  ])('is transient and retried like that of the SDK: %s', async ([, responder], { expect }) => {
    const { outcome, requests } = await expectSameOutcome(responder);

    expect(outcome).toMatchObject({ name: 'TimeoutError', isTransient: true, attempts: 3 });
    expect(requests.length).toBe(3);
  });

  it.for<[string, Responder, string]>([
    [
      'the connection closes',
      (response) => startAnswer(response, () => response.socket?.destroy()),
      'ECONNRESET',
    ],
    ['nothing follows', stall, 'ETIMEDOUT'],
  ])(
    'is a transient timeout after a part of an answer if %s',
    async ([, responder, code], { expect }) => {
      const { outcome, requests } = await transact('ours', [responder]);

      expect(outcome).toMatchObject({ name: 'TimeoutError', code, isTransient: true, attempts: 3 });
      expect(requests.length).toBe(3);
    },
  );
});

describe.concurrent('retry of a client', () => {
  it.for<[string, Responder]>([
    ['a lost answer', dropAnswer],
    ['no answer in time', hang],
    ['a 500', errorAnswer('InternalServerError', 500)],
    ['a throttle', errorAnswer('ThrottlingException', 400)],
    ['a transaction in progress', errorAnswer('TransactionInProgressException', 400)],
  ])('sends the same token again after %s', async ([, responder], { expect }) => {
    const { outcome, requests } = await expectSameOutcome(responder, ok);

    expect(outcome).toBe('sent');
    expect(requests.map(({ headers }) => headers['amz-sdk-request'])).toEqual([
      'attempt=1; max=3',
      'attempt=2; max=3',
    ]);
  });

  it('signs with the corrected time after a clock skew', async ({ expect }) => {
    const ahead = new Date(Date.now() + 3_600_000);
    const skewed = answerWith(
      400,
      {
        __type: 'com.amazon.coral.service#InvalidSignatureException',
        message: 'Signature expired',
      },
      { date: ahead.toUTCString() },
    );
    const { outcome, requests } = await expectSameOutcome(skewed, ok);

    expect(outcome).toBe('sent');
    expect(requests[1]?.headers['x-amz-date']?.slice(0, 11)).toBe(
      ahead.toISOString().replaceAll('-', '').slice(0, 11),
    );
  });
});
