import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type LocalStack, readStack, writeStack } from '../../../../dev/local/stack-descriptor.ts';

const directory = mkdtempSync(join(tmpdir(), 'stack-'));
afterAll(() => rmSync(directory, { recursive: true }));

const stack: LocalStack = {
  apiUrl: 'http://127.0.0.1:1/_aws/execute-api/abc/$default',
  endpoint: 'http://127.0.0.1:1',
  region: 'us-east-1',
  accountId: '000000000000',
  tables: {
    orders: 'o',
    payments: 'p',
    reviews: 'v',
    refunds: 'f',
    balances: 'b',
    products: 'r',
    coupons: 'c',
    compensations: 'm',
    idempotency: 'i',
    loyaltyPoints: 'l',
    rankings: 'k',
    deliveries: 'd',
    audits: 'Audits',
  },
  eventBusName: 'bus',
  stateMachineArn: 'arn:machine',
  notificationsSecretArn: 'arn:secret',
  pgWebhookSecretArn: 'arn:webhooks',
  simulatorUrl: 'http://127.0.0.1:2',
  issuer: 'http://127.0.0.1:3',
  tokenUrl: 'http://127.0.0.1:3/token',
  functions: { 'accept-payment': 'accept-1' },
  queues: { 'notify-buyer': { url: 'http://q/1', deadLettersUrl: 'http://q/2' } },
  sinks: { dataPlatformUrl: 'http://127.0.0.1:4/a', notificationsUrl: 'http://127.0.0.1:4/b' },
};

describe('stack descriptor', () => {
  it('is read as it was written', () => {
    const file = join(directory, 'new', 'stack.json');

    writeStack(stack, file);

    expect(readStack(file)).toEqual(stack);
  });

  it('throws how to start a stack if it does not exist', () => {
    expect(() => readStack(join(directory, 'none.json'))).toThrow(
      /^No stack is running .*: run npm start in another terminal.$/,
    );
  });

  it('is not written if the deployment is incomplete', () => {
    const { orders, ...tables } = stack.tables;

    expect(() => writeStack({ ...stack, tables } as LocalStack)).toThrow(/orders/);
  });

  it('is rejected if the file is truncated', () => {
    const file = join(directory, 'half.json');
    writeFileSync(file, JSON.stringify(stack).slice(0, 100));

    expect(() => readStack(file)).toThrow(/half.json is from another version: run npm start again/);
  });

  it('throws the missing field of an outdated file', () => {
    const file = join(directory, 'old.json');
    const { orders, ...tables } = stack.tables;

    writeFileSync(file, JSON.stringify({ ...stack, tables }));

    expect(() => readStack(file)).toThrow(/from another version.*tables.orders/s);
  });
});
