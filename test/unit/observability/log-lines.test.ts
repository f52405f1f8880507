import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../../shared/config/system-runtime.ts';
import { RejectionError } from '../../../shared/domain/errors.ts';
import { httpHandler } from '../../../shared/http/http-handler.ts';
import type { HttpResponse } from '../../../shared/http/http-response.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { flushMetrics, logOutcome, recordMetric } from '../../../shared/observability/metrics.ts';
import { commit } from '../../../shared/persistence/dynamodb/transaction.ts';
import { aPayment } from '../../support/builders/builders.ts';
import {
  captureLogLines,
  type LogLine,
  messagesAndMetrics,
} from '../../support/capture-log-lines.ts';
import { extractMetrics, isInCatalogue } from '../../support/emf.ts';
import { call } from '../../support/harness/invoke-handler.ts';

// Other tests suppress the log; these check it.
vi.hoisted(() => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
});

let lines: LogLine[];

beforeEach(() => {
  lines = captureLogLines();
});

afterEach(() => {
  vi.restoreAllMocks();
  const strays = lines.flatMap(extractMetrics).filter((metric) => !isInCatalogue(metric));
  expect(strays).toEqual([]);
});

afterAll(() => {
  vi.unstubAllEnvs();
});

const readLines = () => messagesAndMetrics(lines);

describe('outcome log line', () => {
  it('has the recorded metrics of all dimensions', () => {
    recordMetric('GatewayLatency', 7, { operation: 'charge', gatewayOutcome: 'approved' });
    recordMetric('TimeToFinalStatus', 900, { withinObjective: 'true' });
    recordMetric('ProcessingLatency', 12, { outcome: 'succeeded' });
    logOutcome('COMPLETED', { paymentId: 'pay_1' });

    expect(lines).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'COMPLETED', paymentId: 'pay_1' }),
    ]);
    expect(readLines()[0]?.metrics).toEqual([
      'GatewayLatency charge approved 1',
      'TimeToFinalStatus true 1',
      'ProcessingLatency succeeded 1',
    ]);
  });

  it('has one timestamp: in the EMF header or as a field', () => {
    recordMetric('SweeperRuns', 1, {});
    logOutcome('sweep completed', {});
    logOutcome('sweep completed', {});

    expect(lines[0]).not.toHaveProperty('timestamp');
    expect(lines[0]).toHaveProperty('_aws.Timestamp', expect.any(Number));
    expect(lines[1]).toHaveProperty('timestamp', expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/));
    expect(lines[1]).not.toHaveProperty('_aws');
  });

  it.each([
    ['another metric', {}, ['UNKNOWN', 'IN_REVIEW']],
    ['the line itself', { state: 'published' }, ['UNKNOWN']],
  ])('logs a metric that conflicts with %s in a line of its own', (_what, found, states) => {
    for (const state of states) recordMetric('BacklogPayments', 1, { state });
    logOutcome('backlog measured', found);

    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ message: 'backlog measured', ...found });
    expect(readLines().flatMap(({ metrics }) => metrics)).toEqual(
      states.map((state) => `BacklogPayments ${state} 1`),
    );
  });

  it('publishes its metrics at a higher log level', () => {
    const level = logger.getLevelName();
    logger.setLogLevel('ERROR');
    recordMetric('ProcessingLatency', 12, { outcome: 'succeeded' });
    logOutcome('delivered', { paymentId: 'pay_1' });
    logger.setLogLevel(level);

    expect(readLines()).toEqual([
      { message: undefined, metrics: ['ProcessingLatency succeeded 1'] },
    ]);
  });

  it('logs nothing twice', () => {
    recordMetric('SweeperRuns', 1, {});
    logOutcome('sweep completed', {});
    flushMetrics();

    expect(lines).toHaveLength(1);
  });
});

describe('one log line for a request', () => {
  const request = { method: 'POST', path: '/payments', buyer: 'alice' } as const;

  it.each<[string, () => Promise<HttpResponse>, string[]]>([
    ['is answered', async () => ({ status: 200 }), ['RequestLatency succeeded 1']],
    [
      'is replayed',
      async () => ({ status: 202, headers: { 'idempotency-replayed': 'true' } }),
      ['RequestLatency replayed 1'],
    ],
    [
      'is rejected',
      () => Promise.reject(new RejectionError({ code: 'out-of-stock', detail: 'None left.' })),
      ['RequestsRejected out-of-stock 1', 'RequestLatency rejected 1'],
    ],
  ])('that %s', async (_what, answer, metrics) => {
    await call(httpHandler(answer), request);

    expect(readLines()).toEqual([{ message: 'request completed', metrics }]);
  });
});

it('logs a failure in full, and its metrics in a line of their own', async () => {
  const handler = httpHandler(() => Promise.reject(new TypeError('a defect')));

  await call(handler, { method: 'GET', path: '/payments', buyer: 'alice' });

  expect(lines[0]).toMatchObject({
    level: 'ERROR',
    message: 'request completed',
    timestamp: expect.any(String),
    service: 'tests',
    status: 500,
    traceId: expect.any(String),
    error: { name: 'TypeError', message: 'a defect', stack: expect.stringContaining('at ') },
  });
  expect(readLines()[1]).toEqual({ message: undefined, metrics: ['RequestLatency failed 1'] });
});

it('logs a cancelled transaction without the stored items', async () => {
  const Item = marshall(aPayment(), { removeUndefinedValues: true });
  const cancelled = new TransactionCanceledException({
    message: 'cancelled',
    $metadata: { requestId: 'r-1' },
    CancellationReasons: [
      { Code: 'ConditionalCheckFailed', Item },
      { Code: 'TransactionConflict' },
    ],
  });
  const db = mockClient(DynamoDBDocumentClient);
  db.on(TransactWriteCommand).rejects(cancelled);
  const handler = httpHandler(async () => {
    await commit(createDatabase(db as unknown as DynamoDBDocumentClient), [], { maxAttempts: 1 });

    return { status: 202 };
  });

  await call(handler, { method: 'POST', path: '/payments', buyer: 'alice' });

  expect(lines[0]).toMatchObject({
    status: 503,
    error: {
      name: 'ServiceUnavailableError',
      cause: { name: 'TransactionCanceledException', $metadata: { requestId: 'r-1' } },
    },
  });
  expect(JSON.stringify(lines)).not.toMatch(/sim_approve|requestHash/);
});
