import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import {
  type ConditionalWrite,
  commit,
} from '../../../../shared/persistence/dynamodb/transaction.ts';

const db = mockClient(DynamoDBDocumentClient);
const client = db as unknown as DynamoDBDocumentClient;

const conditionalWrites: ConditionalWrite<string>[] = [
  { write: { Delete: { TableName: 'first', Key: { id: 1 } } }, toRejection: () => 'first' },
  {
    write: { Delete: { TableName: 'second', Key: { id: 2 } } },
    toRejection: (stored) => `second of ${stored?.owner ?? 'nobody'}`,
  },
];

const cancelled = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code, Item: marshall({ owner: 'alice' }) })),
  });

const temporary = [
  'TransactionInProgressException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'ServiceUnavailable',
];

const failing = (name: string) => Object.assign(new Error(name), { name, $metadata: {} });

const tokens = () =>
  db.commandCalls(TransactWriteCommand).map(({ args: [{ input }] }) => input.ClientRequestToken);

const retryPolicy = () => {
  const delays: number[] = [];

  return { delays, random: () => 0.5, sleep: async (ms: number) => delays.push(ms) };
};

beforeEach(() => db.reset());

describe('commit', () => {
  it('writes all steps in their order and refuses nothing', async () => {
    db.on(TransactWriteCommand).resolves({});

    expect(await commit(client, conditionalWrites)).toEqual([]);
    expect(db.call(0).args[0].input).toEqual({
      TransactItems: conditionalWrites.map(({ write }) => write),
      ClientRequestToken: expect.any(String),
    });
  });

  it('names the refusals of the failed conditions in the order of the steps', async () => {
    db.on(TransactWriteCommand).rejects(
      cancelled('ConditionalCheckFailed', 'ConditionalCheckFailed'),
    );

    expect(await commit(client, conditionalWrites)).toEqual(['first', 'second of alice']);
  });

  it('passes over the steps whose conditions held', async () => {
    db.on(TransactWriteCommand).rejects(cancelled('None', 'ConditionalCheckFailed'));

    expect(await commit(client, conditionalWrites)).toEqual(['second of alice']);
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'never takes a failed condition for a refusal where a reason is %s',
    async (code) => {
      const { delays, ...wait } = retryPolicy();
      db.on(TransactWriteCommand)
        .rejectsOnce(cancelled('ConditionalCheckFailed', code))
        .resolves({});

      expect(await commit(client, conditionalWrites, wait)).toEqual([]);
      expect(delays).toEqual([25]);
    },
  );

  it('gives up on contention with an outage, after waits that grow', async () => {
    const { delays, ...wait } = retryPolicy();
    db.on(TransactWriteCommand).rejects(cancelled('TransactionConflict', 'None'));

    await expect(
      commit(client, conditionalWrites, { ...wait, maxAttempts: 4 }),
    ).rejects.toBeInstanceOf(ServiceUnavailableError);
    expect(db.calls()).toHaveLength(4);
    expect(delays).toEqual([25, 50, 100]);
  });

  it.each([...temporary])('is sent again after %s, and ends in an outage', async (name) => {
    const { delays, ...wait } = retryPolicy();
    db.on(TransactWriteCommand).rejectsOnce(failing(name)).resolvesOnce({}).rejects(failing(name));

    expect(await commit(client, conditionalWrites, wait)).toEqual([]);
    await expect(commit(client, conditionalWrites, wait)).rejects.toBeInstanceOf(
      ServiceUnavailableError,
    );
    expect(delays).toEqual([25, 25, 50, 100, 200]);
  });

  it('keeps its token while it may have been carried out, so that it cannot meet its own writes', async () => {
    const { delays, ...wait } = retryPolicy();
    db.on(TransactWriteCommand)
      .rejectsOnce(failing('TransactionInProgressException'))
      .rejectsOnce(failing('InternalServerError'))
      .resolves({});

    await commit(client, conditionalWrites, wait);

    expect(delays).toHaveLength(2);
    expect(new Set(tokens()).size).toBe(1);
  });

  it('takes a new token once it was cancelled, and for each transaction', async () => {
    const { delays, ...wait } = retryPolicy();
    db.on(TransactWriteCommand).rejectsOnce(cancelled('TransactionConflict', 'None')).resolves({});

    await commit(client, conditionalWrites, wait);
    await commit(client, conditionalWrites, wait);

    expect(delays).toHaveLength(1);
    expect(new Set(tokens()).size).toBe(3);
  });

  it('takes a cancellation by no condition for a defect, not for a refusal', async () => {
    const defect = cancelled('ValidationError', 'None');
    db.on(TransactWriteCommand).rejects(defect);

    await expect(commit(client, conditionalWrites)).rejects.toBe(defect);
  });

  it('passes every other error on as it is', async () => {
    const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    db.on(TransactWriteCommand).rejects(lost);

    await expect(commit(client, conditionalWrites)).rejects.toBe(lost);
  });
});
