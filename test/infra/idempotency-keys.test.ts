import { readFileSync } from 'node:fs';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { FunctionFolder } from '../../dev/simulation/compositions.ts';
import { lowLevelClientOf } from '../simulation/aws/dynamodb/clients.ts';
import { anOrder, aPayment, noon } from '../support/builders/builders.ts';
import { aPaidOrder, aRefund } from '../support/builders/refund-generators.ts';
import { createProcess, deployment, deployments } from './composed-process.ts';

const table = 'Idempotency';

/** The functions that may use the table, and the patterns of the keys that they may use. */
const patterns = new Map(
  deployment.functions.flatMap(({ folder, grants }) => {
    const own = grants.filter(({ resource }) => resource === table);

    return own.length > 0 ? [[folder as FunctionFolder, own] as const] : [];
  }),
);

const sampleOf = (folder: string) => JSON.parse(readFileSync(`events/${folder}.json`, 'utf8'));

/** A message that was deferred until noon: its copies are claimed. */
const deferredMessage = (folder: string): SQSEvent => {
  const { Records } = sampleOf(folder);
  const messageAttributes = {
    waitDue: { dataType: 'Number', stringValue: `${noon.getTime()}` },
  };

  return { Records: [{ ...Records[0], messageAttributes }] };
};

/** Invokes a function until it writes to the table. Returns the keys of all its commands on the table. */
const usedKeys = async (folder: FunctionFolder): Promise<readonly unknown[]> => {
  const keys: unknown[] = [];
  let nowMs = noon.getTime();
  const { tables, invoke, request } = createProcess({
    clock: { now: () => new Date(nowMs) },
    sleep: async (ms) => {
      nowMs += ms;
    },
    dynamoDb: lowLevelClientOf(async (_operation, input) => {
      const { Item, Key } = input as Readonly<Record<string, { readonly id?: unknown }>>;
      keys.push((Item ?? Key)?.id);
      throw new Error('The store is down.');
    }),
    openWebhookReader: () => async () => ({ id: 'evt_1', reference: 'pay_1' }),
  });
  const stored = () => tables.items<{ id: string }>(table).map(({ id }) => id);
  const wait = { headers: { prefer: 'wait=1' } };
  if (folder === 'get-payment') {
    const { paymentId, ...payment } = aPayment({ order: anOrder({ userId: 'alice' }) });
    tables.put('Payments', { paymentId, ...payment });
    await request(folder, { method: 'GET', path: `/payments/${paymentId}`, ...wait });
  } else if (folder === 'get-refund') {
    const { refund } = aRefund(aPaidOrder({ userId: 'alice' }), { amount: 100 });
    tables.put('Refunds', refund);
    await request(folder, { method: 'GET', path: `/refunds/${refund.refundId}`, ...wait });
  } else {
    const event = sampleOf(folder);
    await invoke(folder, event.Records ? deferredMessage(folder) : event);
  }

  return [...keys, ...stored()];
};

describe('keys of idempotency records', () => {
  it.each([...patterns.keys()])('of %s are those that its role may use', async (folder) => {
    const keys = await usedKeys(folder);

    expect(keys).not.toEqual([]);
    for (const key of keys) expect(key).toMatch(new RegExp(`^${folder}#.`));
    for (const { leadingKeys } of patterns.get(folder) ?? [])
      expect(leadingKeys).toEqual([`${folder}#*`]);
  });

  it.each(['sandbox', 'production'] as const)('limit no other table (%s)', (stage) => {
    const limited = deployments[stage].functions
      .flatMap(({ grants }) => grants)
      .filter(({ leadingKeys }) => leadingKeys !== undefined);

    expect(new Set(limited.map(({ resource }) => resource))).toEqual(new Set([table]));
    expect(patterns.size).toBeGreaterThan(10);
  });

  it('are not read at initialization, where the key is of no function', () => {
    for (const folder of patterns.keys()) {
      const { environment } = deployment.functions.find((one) => one.folder === folder) ?? {};

      expect(environment?.INIT_READ ?? '', folder).not.toMatch(/^IDEMPOTENCY_TABLE/);
    }
  });
});
