import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { root } from '../../../dev/cli/paths.ts';
import { runProcess } from '../../../dev/cli/run-process.ts';
import { writeStack } from '../../../dev/local/stack-descriptor.ts';
import { eventually } from '../../support/eventually.ts';
import { type Api, transports } from '../../support/stack/api-client.ts';
import { db, stack } from '../../support/stack/aws-clients.ts';
import { pg } from '../../support/stack/external-systems.ts';
import { anOrder, balancePart } from '../../support/stack/stack-fixtures.ts';

/** Adds an amount to a buyer's balance that was never deposited. */
const corruptBalance = (userId: string, amount: number) =>
  db.send(
    new UpdateCommand({
      TableName: stack.tables.balances,
      Key: { userId },
      UpdateExpression: 'ADD available :amount',
      ConditionExpression: 'attribute_exists(userId)',
      ExpressionAttributeValues: { ':amount': amount },
    }),
  );

/** Runs `work` while the ledger has a discrepancy, then removes it. */
const withCorruption = async (
  corrupt: () => Promise<unknown>,
  restore: () => Promise<unknown>,
  work: () => Promise<void>,
) => {
  await corrupt();
  try {
    await work();
  } finally {
    await restore();
  }
};

/** `npm run reconcile`, on the stack under test. */
const runReconcileCommand = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'reconcile-'));
  const file = join(directory, 'stack.json');
  writeStack(stack, file);
  try {
    return await runProcess(process.execPath, ['dev/reconcile.ts', '--stack', file], {
      env: process.env,
      cwd: root,
      signal: new AbortController().signal,
    });
  } finally {
    await rm(directory, { recursive: true });
  }
};

const reconcile = async ({ asOperator }: Api) => {
  const reply = await asOperator({ method: 'GET', path: '/operator/ledger' });
  expect(reply).toMatchObject({ status: 200 });

  return reply.body;
};

const waitUntilReconciled = (api: Api) =>
  eventually(async () => expect(await reconcile(api)).toMatchObject({ outcome: 'reconciled' }));

describe.each(transports)('reconcile the ledger (%s)', (_name, api) => {
  const paid = async () => {
    const order = await anOrder();
    const payment = await api.accepted(order, { balanceAmount: balancePart });
    await api.settled(payment);

    return { ...payment, charged: order.total - balancePart };
  };

  it('reports the buyer who has one unit too many', async () => {
    const { buyer } = await paid();
    const found = { kind: 'buyer', id: buyer, check: 'available', difference: 1, unit: 'KRW' };

    await withCorruption(
      () => corruptBalance(buyer, 1),
      () => corruptBalance(buyer, -1),
      async () =>
        expect(await reconcile(api)).toMatchObject({
          outcome: 'discrepancy',
          discrepancies: [{ ...found, found: 9_001, expected: 9_000 }],
        }),
    );
    await waitUntilReconciled(api);
  });

  it('reports the payment that the gateway captured twice', async () => {
    const { paymentId, charged } = await paid();
    const of = { kind: 'payment', id: paymentId, difference: charged, unit: 'KRW' };

    await withCorruption(
      () => pg.charge(paymentId, charged),
      () => pg.refund(paymentId, charged),
      async () =>
        expect(await reconcile(api)).toMatchObject({
          outcome: 'discrepancy',
          discrepancies: [
            { ...of, check: 'gateway balance', found: 2 * charged, expected: charged },
            { ...of, check: 'gateway captures', found: '2' },
          ],
        }),
    );
    await waitUntilReconciled(api);
  });

  it('reports a charge without a payment', async () => {
    const reference = `pay_${randomUUID()}`;

    await withCorruption(
      () => pg.charge(reference, 777),
      () => pg.refund(reference, 777),
      async () =>
        expect(await reconcile(api)).toMatchObject({
          outcome: 'discrepancy',
          discrepancies: [{ kind: 'charge', id: reference, difference: 777, unit: 'KRW' }],
        }),
    );
    await waitUntilReconciled(api);
  });

  it('needs the operator scope', async () => {
    const path = '/operator/ledger';

    expect(await api.send({ method: 'GET', path, buyer: 'alice' })).toMatchObject({ status: 403 });
  });
});

describe('npm run reconcile', () => {
  it('exits with 0 if reconciled and prints the counts', async () => {
    await eventually(async () => {
      const { code, lines } = await runReconcileCommand();

      expect(lines[0]).toMatch(/^✔ Reconciled: \d+ payments /);
      expect(code).toBe(0);
    });
  });

  it('exits with 1 on a discrepancy and prints it', async () => {
    const order = await anOrder();

    await withCorruption(
      () => corruptBalance(order.buyer, 1),
      () => corruptBalance(order.buyer, -1),
      async () => {
        const { code, lines } = await runReconcileCommand();

        expect(lines.join('\n')).toMatch(
          new RegExp(`buyer ${order.buyer} +available +10,001 +10,000 +\\+1 KRW`),
        );
        expect(code).toBe(1);
      },
    );
  });
});
