import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { Outage } from '../../../../shared/domain/errors.ts';
import { commit, type Step } from '../../../../shared/persistence/dynamodb/transaction.ts';

const db = mockClient(DynamoDBDocumentClient);
const client = db as unknown as DynamoDBDocumentClient;

const steps: Step<string>[] = [
  { write: { Delete: { TableName: 'first', Key: { id: 1 } } }, refused: () => 'first' },
  {
    write: { Delete: { TableName: 'second', Key: { id: 2 } } },
    refused: (stored) => `second of ${stored?.owner ?? 'nobody'}`,
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

const patience = () => {
  const pauses: number[] = [];

  return { pauses, random: () => 0.5, pause: async (ms: number) => pauses.push(ms) };
};

beforeEach(() => db.reset());

describe('commit', () => {
  it('writes all steps in their order and refuses nothing', async () => {
    db.on(TransactWriteCommand).resolves({});

    expect(await commit(client, steps)).toEqual([]);
    expect(db.call(0).args[0].input).toEqual({
      TransactItems: steps.map(({ write }) => write),
      ClientRequestToken: expect.any(String),
    });
  });

  it('names the refusals of the failed conditions in the order of the steps', async () => {
    db.on(TransactWriteCommand).rejects(
      cancelled('ConditionalCheckFailed', 'ConditionalCheckFailed'),
    );

    expect(await commit(client, steps)).toEqual(['first', 'second of alice']);
  });

  it('passes over the steps whose conditions held', async () => {
    db.on(TransactWriteCommand).rejects(cancelled('None', 'ConditionalCheckFailed'));

    expect(await commit(client, steps)).toEqual(['second of alice']);
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'never takes a failed condition for a refusal where a reason is %s',
    async (code) => {
      const { pauses, ...wait } = patience();
      db.on(TransactWriteCommand)
        .rejectsOnce(cancelled('ConditionalCheckFailed', code))
        .resolves({});

      expect(await commit(client, steps, wait)).toEqual([]);
      expect(pauses).toEqual([25]);
    },
  );

  it('gives up on contention with an outage, after waits that grow', async () => {
    const { pauses, ...wait } = patience();
    db.on(TransactWriteCommand).rejects(cancelled('TransactionConflict', 'None'));

    await expect(commit(client, steps, { ...wait, tries: 4 })).rejects.toBeInstanceOf(Outage);
    expect(db.calls()).toHaveLength(4);
    expect(pauses).toEqual([25, 50, 100]);
  });

  it.each([...temporary])('is sent again after %s, and ends in an outage', async (name) => {
    const { pauses, ...wait } = patience();
    db.on(TransactWriteCommand).rejectsOnce(failing(name)).resolvesOnce({}).rejects(failing(name));

    expect(await commit(client, steps, wait)).toEqual([]);
    await expect(commit(client, steps, wait)).rejects.toBeInstanceOf(Outage);
    expect(pauses).toEqual([25, 25, 50, 100, 200]);
  });

  it('keeps its token while it may have been carried out, so that it cannot meet its own writes', async () => {
    const { pauses, ...wait } = patience();
    db.on(TransactWriteCommand)
      .rejectsOnce(failing('TransactionInProgressException'))
      .rejectsOnce(failing('InternalServerError'))
      .resolves({});

    await commit(client, steps, wait);

    expect(pauses).toHaveLength(2);
    expect(new Set(tokens()).size).toBe(1);
  });

  it('takes a new token once it was cancelled, and for each transaction', async () => {
    const { pauses, ...wait } = patience();
    db.on(TransactWriteCommand).rejectsOnce(cancelled('TransactionConflict', 'None')).resolves({});

    await commit(client, steps, wait);
    await commit(client, steps, wait);

    expect(pauses).toHaveLength(1);
    expect(new Set(tokens()).size).toBe(3);
  });

  it('takes a cancellation by no condition for a defect, not for a refusal', async () => {
    const defect = cancelled('ValidationError', 'None');
    db.on(TransactWriteCommand).rejects(defect);

    await expect(commit(client, steps)).rejects.toBe(defect);
  });

  it('passes every other error on as it is', async () => {
    const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    db.on(TransactWriteCommand).rejects(lost);

    await expect(commit(client, steps)).rejects.toBe(lost);
  });
});
