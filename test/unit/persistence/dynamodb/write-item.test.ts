import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, systemRuntime } from '../../../../shared/config/system-runtime.ts';
import { ServiceUnavailableError } from '../../../../shared/domain/errors.ts';
import { createAuditLog } from '../../../../shared/persistence/audit-log.ts';
import { createDeliveryRepository } from '../../../../shared/persistence/delivery-repository.ts';
import { createDueIndex } from '../../../../shared/persistence/due-index.ts';
import {
  equals,
  putIfAbsent,
  update,
} from '../../../../shared/persistence/dynamodb/expressions.ts';
import { writeItem } from '../../../../shared/persistence/dynamodb/write-item.ts';
import { createPaymentRepository } from '../../../../shared/persistence/payment-repository.ts';
import { createRefundRepository } from '../../../../shared/persistence/refund-repository.ts';
import { aPayment, noon } from '../../../support/builders/builders.ts';
import { applyTransition } from '../../../support/builders/payment-history.ts';

const db = mockClient(DynamoDBDocumentClient);
const delays: number[] = [];
const client = createDatabase(db as unknown as DynamoDBDocumentClient, {
  ...systemRuntime,
  random: () => 0.5,
  sleep: async (ms) => delays.push(ms),
});

const put = putIfAbsent({ table: 'T', item: { id: 1, by: 'us' }, id: 'id' });
const change = update({
  table: 'T',
  key: { id: 1 },
  set: { by: 'us' },
  conditions: [equals('by', 'them')],
});

const failing = (name: string, attempts = 1) =>
  Object.assign(new Error(name), { name, $metadata: { attempts } });

const conditionFailed = (stored: object, attempts = 1) =>
  new ConditionalCheckFailedException({
    message: 'condition failed',
    $metadata: { attempts },
    Item: marshall(stored, { removeUndefinedValues: true }),
  });

const temporary = [
  'TransactionConflictException',
  'ReplicatedWriteConflictException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'ServiceUnavailable',
];

beforeEach(() => {
  db.reset();
  delays.length = 0;
});

describe('write item', () => {
  it('sends the write unchanged and returns undefined on success', async () => {
    db.on(PutCommand).resolves({}).on(UpdateCommand).resolves({});

    expect(await writeItem(client, put)).toBeUndefined();
    expect(await writeItem(client, change)).toBeUndefined();
    expect(db.calls().map(({ args }) => args[0].input)).toEqual([put.Put, change.Update]);
  });

  it.each(temporary)(
    'retries after %s and throws ServiceUnavailableError in the end',
    async (name) => {
      db.on(UpdateCommand).rejectsOnce(failing(name)).resolvesOnce({}).rejects(failing(name));

      expect(await writeItem(client, change)).toBeUndefined();
      await expect(writeItem(client, change)).rejects.toBeInstanceOf(ServiceUnavailableError);
      expect(delays).toEqual([7.5, 7.5, 15, 30, 60]);
    },
  );

  it.each(['ItemCollectionSizeLimitExceededException', 'ResourceNotFoundException', 'TypeError'])(
    'does not retry %s',
    async (name) => {
      const error = failing(name);
      db.on(PutCommand).rejects(error);

      await expect(writeItem(client, put)).rejects.toBe(error);
      expect(db.calls()).toHaveLength(1);
    },
  );

  it('returns the stored item as not its own if the write was sent once', async () => {
    db.on(PutCommand).rejects(conditionFailed({ id: 1, by: 'them' }));

    expect(await writeItem(client, put)).toEqual({
      stored: { id: 1, by: 'them' },
      mayBeOwn: false,
    });
  });

  it.each([
    ['the SDK sent it twice', [conditionFailed({ id: 1 }, 2)], true],
    [
      'its first attempt failed in DynamoDB',
      [failing('InternalServerError'), conditionFailed({ id: 1 })],
      true,
    ],
    [
      'its first attempt was sent twice and then had a transaction conflict',
      [failing('TransactionConflictException', 2), conditionFailed({ id: 1 })],
      true,
    ],
    [
      'its first attempt had a transaction conflict, which writes nothing',
      [failing('TransactionConflictException'), conditionFailed({ id: 1 })],
      false,
    ],
  ])(
    'reports whether the stored item may be its own: %s',
    async (_what, [first, second], mayBeOwn) => {
      db.on(PutCommand).rejectsOnce(first).rejectsOnce(second);

      expect(await writeItem(client, put)).toMatchObject({ mayBeOwn });
    },
  );
});

describe('transaction conflict of a single write', () => {
  const payment = aPayment();
  const payments = createPaymentRepository(client, 'Payments');
  const refunds = createRefundRepository(client, 'Refunds');
  const at = noon.toISOString();
  const audit = {
    ...{ at, actor: 'ops', scope: 'aftercommit/redrive', reason: 'test' },
    ...{ action: 'delete', subject: 'm-1', detail: {} },
  };
  const delivery = {
    ...{ eventId: 'pay_1-3', eventTime: at, consumer: 'notify-buyer', paymentId: 'pay_1' },
  };
  const deliveries = createDeliveryRepository(client, 'Deliveries', { now: () => noon });

  it.each([
    [
      'updates a payment',
      () => payments.tryUpdate(payment, applyTransition(payment, 'claimed')),
      true,
    ],
    ['records a cancellation request', () => payments.recordCancelRequest(payment, { at }), true],
    [
      'records evidence',
      () => payments.recordEvidence(payment, { at, by: 'test', detail: 'x' }),
      true,
    ],
    ['leases a payment', () => payments.tryLease(payment, at), true],
    ['leases a refund', () => refunds.tryLease(payment as never, at), true],
    [
      'reschedules a payment',
      () => createDueIndex(client, 'Payments', 'paymentId').reschedule('p', noon),
    ],
    ['appends an audit entry', () => createAuditLog(client, 'Audits').append(audit)],
    ['records a delivery', () => deliveries.deliverOnce(delivery, async () => {}), 'delivered'],
  ])('%s on the second attempt', async (_what, write, result = undefined) => {
    const conflict = failing('TransactionConflictException');
    db.onAnyCommand().resolves({});
    db.on(GetCommand, { TableName: 'Payments' }).resolves({ Item: payment });
    db.on(UpdateCommand).rejectsOnce(conflict).resolves({});
    db.on(PutCommand).rejectsOnce(conflict).resolves({});

    expect(await write()).toBe(result);
    expect(db.commandCalls(UpdateCommand).length + db.commandCalls(PutCommand).length).toBe(2);
  });
});

describe('lease after a lost response', () => {
  const payments = createPaymentRepository(client, 'Payments');
  const payment = { ...aPayment(), dueAt: noon.toISOString() };
  const later = new Date(noon.getTime() + 60_000).toISOString();

  it('holds the lease if the stored item is what it wrote', async () => {
    db.on(UpdateCommand).rejects(conditionFailed({ ...payment, dueAt: later }, 2));

    expect(await payments.tryLease(payment, later)).toBe(true);
  });

  it.each([
    ['another writer holds it', { ...payment, dueAt: noon.toISOString() }, 2],
    [
      'the payment has changed since',
      { ...payment, version: payment.version + 1, dueAt: later },
      2,
    ],
    ['the write was sent once, so another writer did the same', { ...payment, dueAt: later }, 1],
  ])('does not hold the lease if %s', async (_what, stored, attempts) => {
    db.on(UpdateCommand).rejects(conditionFailed(stored, attempts));

    expect(await payments.tryLease(payment, later)).toBe(false);
  });
});

it('leases an item without a due time and adds it to the index again', async () => {
  const { dueAt, dueShard, ...payment } = aPayment();
  db.on(UpdateCommand).resolves({});

  expect(
    await createPaymentRepository(client, 'Payments').tryLease(payment, noon.toISOString()),
  ).toBe(true);

  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } =
    db.commandCalls(UpdateCommand)[0]?.args[0].input ?? {};
  expect(ConditionExpression).toContain('attribute_not_exists(');
  expect(Object.values(ExpressionAttributeNames ?? {})).toEqual(
    expect.arrayContaining(['dueAt', 'dueShard']),
  );
  expect(Object.values(ExpressionAttributeValues ?? {})).toEqual(
    expect.arrayContaining([noon.toISOString(), dueShard]),
  );
  expect(Object.values(ExpressionAttributeValues ?? {})).not.toContain(undefined);
});
