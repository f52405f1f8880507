import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../../shared/config/platform.ts';
import { createDatabase, systemRuntime } from '../../../../shared/config/system-runtime.ts';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import {
  type ConditionalWrite,
  commit,
} from '../../../../shared/persistence/dynamodb/transaction.ts';
import { cancelledTransaction } from '../../../support/builders/transaction-errors.ts';

const db = mockClient(DynamoDBDocumentClient);
const delays: number[] = [];
const runtime = {
  ...systemRuntime,
  random: () => 0.5,
  sleep: async (ms: number) => delays.push(ms),
};
let client: Database;

const conditionalWrites: ConditionalWrite<string>[] = [
  { write: { Delete: { TableName: 'first', Key: { id: 1 } } }, toRejection: () => 'first' },
  {
    write: { Delete: { TableName: 'second', Key: { id: 2 } } },
    toRejection: (stored) => `second of ${stored?.owner ?? 'unknown'}`,
  },
];

const cancelled = (...codes: readonly string[]) =>
  cancelledTransaction(...codes.map((code) => ({ code, item: { owner: 'alice' } })));

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

beforeEach(() => {
  db.reset();
  client = createDatabase(db as unknown as DynamoDBDocumentClient, runtime);
  delays.length = 0;
});

describe('commit', () => {
  it('commits all writes in order and returns no rejection', async () => {
    db.on(TransactWriteCommand).resolves({});

    expect(await commit(client, conditionalWrites)).toEqual([]);
    expect(db.call(0).args[0].input).toEqual({
      TransactItems: conditionalWrites.map(({ write }) => write),
      ClientRequestToken: expect.any(String),
    });
  });

  it('returns the rejections of failed conditions in the order of the writes', async () => {
    db.on(TransactWriteCommand).rejects(
      cancelled('ConditionalCheckFailed', 'ConditionalCheckFailed'),
    );

    expect(await commit(client, conditionalWrites)).toEqual(['first', 'second of alice']);
  });

  it('returns no rejection of a write whose condition held', async () => {
    db.on(TransactWriteCommand).rejects(cancelled('None', 'ConditionalCheckFailed'));

    expect(await commit(client, conditionalWrites)).toEqual(['second of alice']);
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'retries instead of rejecting if a cancellation reason is %s',
    async (code) => {
      db.on(TransactWriteCommand)
        .rejectsOnce(cancelled('ConditionalCheckFailed', code))
        .resolves({});

      expect(await commit(client, conditionalWrites)).toEqual([]);
      expect(delays).toEqual([7.5]);
    },
  );

  it('throws ServiceUnavailableError on contention after growing delays', async () => {
    db.on(TransactWriteCommand).rejects(cancelled('TransactionConflict', 'None'));

    await expect(commit(client, conditionalWrites, { maxAttempts: 4 })).rejects.toBeInstanceOf(
      ServiceUnavailableError,
    );
    expect(db.calls()).toHaveLength(4);
    expect(delays).toEqual([7.5, 15, 30]);
  });

  it.each([...temporary])(
    'retries after %s and throws ServiceUnavailableError in the end',
    async (name) => {
      db.on(TransactWriteCommand)
        .rejectsOnce(failing(name))
        .resolvesOnce({})
        .rejects(failing(name));

      expect(await commit(client, conditionalWrites)).toEqual([]);
      await expect(commit(client, conditionalWrites)).rejects.toBeInstanceOf(
        ServiceUnavailableError,
      );
      expect(delays).toEqual([7.5, 7.5, 15, 30, 60]);
    },
  );

  it('keeps its token on a retry of a transaction that may have been executed', async () => {
    db.on(TransactWriteCommand)
      .rejectsOnce(failing('TransactionInProgressException'))
      .rejectsOnce(failing('InternalServerError'))
      .resolves({});

    await commit(client, conditionalWrites);

    expect(delays).toHaveLength(2);
    expect(new Set(tokens()).size).toBe(1);
  });

  it('uses a new token after a cancellation and for each transaction', async () => {
    db.on(TransactWriteCommand).rejectsOnce(cancelled('TransactionConflict', 'None')).resolves({});

    await commit(client, conditionalWrites);
    await commit(client, conditionalWrites);

    expect(delays).toHaveLength(1);
    expect(new Set(tokens()).size).toBe(3);
  });

  it('sends other writes immediately after a conflict, twice, and pauses from the third try', async () => {
    const conflicting = cancelled('None', 'TransactionConflict');
    db.on(TransactWriteCommand)
      .rejectsOnce(conflicting)
      .rejectsOnce(conflicting)
      .rejectsOnce(conflicting)
      .resolves({});
    let number = 0;
    const tried: unknown[] = [];
    const avoidConflict = (met: readonly ConditionalWrite<string>[]) => {
      tried.push(...met);
      number += 1;
      const write = { Delete: { TableName: 'second', Key: { id: 2 + number } } };

      return [conditionalWrites[0], { write, toRejection: () => 'moved' }].filter((each) => !!each);
    };

    expect(await commit(client, conditionalWrites, { avoidConflict })).toEqual([]);

    const ids = db
      .commandCalls(TransactWriteCommand)
      .map(({ args: [{ input }] }) => input.TransactItems?.[1]?.Delete?.Key?.id);
    expect(ids).toEqual([2, 3, 4, 5]);
    expect(tried).toHaveLength(3);
    expect(delays).toEqual([7.5]);
    expect(new Set(tokens()).size).toBe(4);
  });

  it('keeps writes and token after an uncertain error, whatever could avoid a conflict', async () => {
    db.on(TransactWriteCommand).rejectsOnce(failing('InternalServerError')).resolves({});

    await commit(client, conditionalWrites, { avoidConflict: () => [] });

    const calls = db.commandCalls(TransactWriteCommand).map(({ args: [{ input }] }) => input);
    expect(calls[1]).toEqual(calls[0]);
  });

  it('returns the rejections of the writes that it sent last', async () => {
    db.on(TransactWriteCommand)
      .rejectsOnce(cancelled('TransactionConflict', 'None'))
      .rejects(cancelled('ConditionalCheckFailed', 'None'));
    const moved = conditionalWrites.map(({ write }) => ({ write, toRejection: () => 'moved' }));

    expect(await commit(client, conditionalWrites, { avoidConflict: () => moved })).toEqual([
      'moved',
    ]);
  });

  it('takes its tokens from the runtime', async () => {
    const ids = ['first', 'second'];
    const given = createDatabase(client, {
      ...runtime,
      randomId: () => ids.shift() ?? 'none',
    });
    db.on(TransactWriteCommand).rejectsOnce(cancelled('TransactionConflict', 'None')).resolves({});

    await commit(given, conditionalWrites);

    expect(tokens()).toEqual(['first', 'second']);
  });

  it('starts no attempt after its time has elapsed on the clock of the runtime', async () => {
    let nowMs = 0;
    const given = createDatabase(client, {
      ...runtime,
      clock: { now: () => new Date(nowMs) },
      sleep: async () => {
        nowMs += 2_500;
      },
    });
    db.on(TransactWriteCommand).rejects(failing('ThrottlingException'));

    await expect(commit(given, conditionalWrites)).rejects.toBeInstanceOf(ServiceUnavailableError);
    expect(db.calls()).toHaveLength(3);
  });

  it('throws a cancellation without a failed condition as a defect', async () => {
    const defect = cancelled('ValidationError', 'None');
    db.on(TransactWriteCommand).rejects(defect);

    await expect(commit(client, conditionalWrites)).rejects.toBe(defect);
  });

  it('throws every other error unchanged', async () => {
    const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    db.on(TransactWriteCommand).rejects(lost);

    await expect(commit(client, conditionalWrites)).rejects.toBe(lost);
  });
});
