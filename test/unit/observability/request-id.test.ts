import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { httpHandler } from '../../../shared/http/http-handler.ts';
import { scheduleHandler } from '../../../shared/lambda/schedule-handler.ts';
import { sqsHandler } from '../../../shared/lambda/sqs-handler.ts';
import { stepHandler } from '../../../shared/lambda/step-handler.ts';
import { streamHandler } from '../../../shared/lambda/stream-handler.ts';
import {
  createHandler,
  createInvocationScopes,
} from '../../../shared/observability/invocation-scope.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { flushMetrics, recordMetric } from '../../../shared/observability/metrics.ts';
import { createPlainHandler } from '../../../shared/simulators/lambda-adapter.ts';
import { apiGatewayEvent } from '../../support/builders/api-gateway-event.ts';
import { aQueueRecord } from '../../support/builders/queue-record.ts';
import { captureLogLines, type LogLine } from '../../support/capture-log-lines.ts';
import { aLambdaContext } from '../../support/harness/invoke-handler.ts';

// Other tests suppress the log; these check it.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
});

let lines: LogLine[];

beforeEach(() => {
  lines = captureLogLines();
});

afterAll(() => {
  vi.unstubAllEnvs();
});

const fail = async () => {
  throw new Error('no');
};
const clock = { now: () => new Date() };
const request = apiGatewayEvent({ method: 'GET', path: '/payments', buyer: 'alice' });
const faults = { value: { found: {}, overdue: 0, left: 0, faults: ['Error: no'] } };
const sqs = mockClient(SQSClient) as unknown as SQSClient;
const queue = { sqs, queueUrl: 'q', name: 'open-review', clock, redeliveryBackoffMs: [] };
const record = { eventID: 'e', eventSource: 'aws:dynamodb', dynamodb: { SequenceNumber: '1' } };

type Invoke = (context: Context) => Promise<unknown>;

describe('the request id of Lambda', () => {
  it.each<[string, number, Invoke]>([
    [
      'an answered request',
      1,
      (context) => httpHandler(async () => ({ status: 200 }))(request, context),
    ],
    ['a failed request, and its metrics', 2, (context) => httpHandler(fail)(request, context)],
    [
      'a failed message, and its metrics',
      2,
      (context) =>
        sqsHandler(['PaymentReserved'], queue, fail)({ Records: [aQueueRecord('{')] }, context),
    ],
    [
      'a failed stream record, and its metrics',
      2,
      (context) =>
        streamHandler(async () => [{ outcome: 'failed', id: 'e0: no' }])(
          { Records: [record] } as DynamoDBStreamEvent,
          context,
        ) as never,
    ],
    [
      'a compensation step',
      1,
      (context) =>
        stepHandler(async () => ({ outcome: 'restored' }))({ paymentId: 'pay_1' }, context),
    ],
    [
      'a failed compensation step',
      2,
      (context) => stepHandler(fail)({ paymentId: 'pay_1' }, context).catch(() => undefined),
    ],
    [
      'a scheduled run with faults, and its metrics',
      2,
      (context) => scheduleHandler(async () => faults, clock)({}, context),
    ],
    [
      'a request to a simulator',
      1,
      (context) =>
        createPlainHandler(
          async () => ({ kind: 'response', status: 200, body: '', afterMs: 0 }) as never,
          { maxDelayMs: 0, sleep: async () => {} },
        )(request, context),
    ],
  ])('is in each line of %s', async (_what, count, invoke) => {
    await invoke(aLambdaContext({ awsRequestId: 'request-1' }));

    expect(lines.map(({ requestId }) => requestId)).toEqual(Array(count).fill('request-1'));
  });

  it('is that of the latest invocation of a process', async () => {
    const handler = createHandler().handler(async () => logger.info('handled'));

    for (const awsRequestId of ['request-1', 'request-2'])
      await handler({}, aLambdaContext({ awsRequestId }));

    expect(lines.map(({ requestId }) => requestId)).toEqual(['request-1', 'request-2']);
  });

  it('is not that of another function of the process', async () => {
    const handler = createHandler().handler(async () => {
      recordMetric('SweeperRuns', 1, {});
      await Promise.resolve();
      logger.info('handled');
      flushMetrics();
    });
    const invoke = (service: string, awsRequestId: string) =>
      createInvocationScopes(service)(async () => handler({}, aLambdaContext({ awsRequestId })));

    await Promise.all([invoke('sweep-payments', 'request-1'), invoke('open-review', 'request-2')]);

    expect(lines.map(({ service, requestId }) => `${service} ${requestId}`).toSorted()).toEqual([
      'open-review request-2',
      'open-review request-2',
      'sweep-payments request-1',
      'sweep-payments request-1',
    ]);
  });
});
