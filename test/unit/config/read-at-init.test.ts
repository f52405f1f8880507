import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it, vi } from 'vitest';
import type { Database } from '../../../shared/config/platform.ts';
import { readAtInit } from '../../../shared/config/read-at-init.ts';
import type { Timers } from '../../../shared/domain/time.ts';

const environment = { COUPONS_TABLE: 'coupons', INIT_READ: 'COUPONS_TABLE userId couponId' };

const databaseWith = (send: () => Promise<unknown>) => {
  const sent = vi.fn((_command: unknown) => send());

  return { db: { send: sent } as unknown as Database, sent };
};

/** Timers whose time does not pass until a test says so. */
const stoppedTimers = () => {
  const pending = new Set<() => void>();
  const timers: Timers = {
    now: () => new Date(0),
    after: (_delayMs, then) => {
      pending.add(then);

      return () => pending.delete(then);
    },
  };

  return { timers, pending };
};

it('reads an item that does not exist, by the key of the named table', async () => {
  const { db, sent } = databaseWith(async () => ({}));
  const { timers, pending } = stoppedTimers();

  await readAtInit({ db, environment }, timers);

  const [[command] = []] = sent.mock.calls;
  expect(command).toBeInstanceOf(GetCommand);
  expect(command).toMatchObject({
    input: { TableName: 'coupons', Key: { userId: 'init', couponId: 'init' } },
  });
  expect(pending.size).toBe(0);
});

it('reads nothing for a function without a table that it may read', async () => {
  const { db, sent } = databaseWith(async () => ({}));

  await readAtInit({ db, environment: { COUPONS_TABLE: 'coupons' } }, stoppedTimers().timers);

  expect(sent).not.toHaveBeenCalled();
});

it('ignores a failed read', async () => {
  const { db, sent } = databaseWith(() => Promise.reject(new Error('DynamoDB is away')));
  const { timers, pending } = stoppedTimers();

  await readAtInit({ db, environment }, timers);

  expect(sent).toHaveBeenCalledOnce();
  expect(pending.size).toBe(0);
});

it('waits a limited time, and ignores a failure after it', async () => {
  const { promise, reject } = Promise.withResolvers<unknown>();
  const { db } = databaseWith(() => promise);
  const { timers, pending } = stoppedTimers();

  const initialized = readAtInit({ db, environment }, timers);
  for (const then of pending) then();
  await initialized;

  // Vitest fails the run if a rejection is not handled.
  reject(new Error('too late'));
  await expect(promise).rejects.toThrow('too late');
});
