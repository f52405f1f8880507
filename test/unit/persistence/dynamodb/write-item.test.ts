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
const client = db as unknown as DynamoDBDocumentClient;

const put = putIfAbsent({ table: 'T', item: { id: 1, by: 'us' }, id: 'id' });
const move = update({
  table: 'T',
  key: { id: 1 },
  set: { by: 'us' },
  conditions: [equals('by', 'them')],
});

const failing = (name: string, attempts = 1) =>
  Object.assign(new Error(name), { name, $metadata: { attempts } });

const refused = (stored: object, attempts = 1) =>
  new ConditionalCheckFailedException({
    message: 'refused',
    $metadata: { attempts },
    Item: marshall(stored, { removeUndefinedValues: true }),
  });

const retryPolicy = () => {
  const delays: number[] = [];

  return { delays, random: () => 0.5, sleep: async (ms: number) => delays.push(ms) };
};

const temporary = [
  'TransactionConflictException',
  'ReplicatedWriteConflictException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'ServiceUnavailable',
];

beforeEach(() => db.reset());

describe('a write of one item', () => {
  it('is sent as it is, and returns nothing once it is written', async () => {
    db.on(PutCommand).resolves({}).on(UpdateCommand).resolves({});

    expect(await writeItem(client, put)).toBeUndefined();
    expect(await writeItem(client, move)).toBeUndefined();
    expect(db.calls().map(({ args }) => args[0].input)).toEqual([put.Put, move.Update]);
  });

  it.each(temporary)('is sent again after %s, and ends in an outage', async (name) => {
    const { delays, ...wait } = retryPolicy();
    db.on(UpdateCommand).rejectsOnce(failing(name)).resolvesOnce({}).rejects(failing(name));

    expect(await writeItem(client, move, wait)).toBeUndefined();
    await expect(writeItem(client, move, wait)).rejects.toBeInstanceOf(ServiceUnavailableError);
    expect(delays).toEqual([25, 25, 50, 100, 200]);
  });

  it.each(['ItemCollectionSizeLimitExceededException', 'ResourceNotFoundException', 'TypeError'])(
    'is sent once where it ends in %s',
    async (name) => {
      const error = failing(name);
      db.on(PutCommand).rejects(error);

      await expect(writeItem(client, put)).rejects.toBe(error);
      expect(db.calls()).toHaveLength(1);
    },
  );

  it('is refused with what is stored, which is not its own where it was sent once', async () => {
    db.on(PutCommand).rejects(refused({ id: 1, by: 'them' }));

    expect(await writeItem(client, put)).toEqual({
      stored: { id: 1, by: 'them' },
      mayBeOwn: false,
    });
  });

  it.each([
    ['the SDK has sent it twice', [refused({ id: 1 }, 2)], true],
    ['its first try ended in a fault', [failing('InternalServerError'), refused({ id: 1 })], true],
    [
      'its first try was sent twice, and met a transaction then',
      [failing('TransactionConflictException', 2), refused({ id: 1 })],
      true,
    ],
    [
      'its first try met a transaction, which has written nothing of it',
      [failing('TransactionConflictException'), refused({ id: 1 })],
      false,
    ],
  ])('knows what may be its own: %s', async (_what, [first, second], mayBeOwn) => {
    const { delays: _, ...wait } = retryPolicy();
    db.on(PutCommand).rejectsOnce(first).rejectsOnce(second);

    expect(await writeItem(client, put, wait)).toMatchObject({ mayBeOwn });
  });
});

describe('a running transaction in the way', () => {
  const payment = aPayment();
  const payments = createPaymentRepository(client, 'Payments');
  const refunds = createRefundRepository(client, 'Refunds');
  const at = noon.toISOString();
  const audit = { at, actor: 'ops', reason: 'test', action: 'delete', subject: 'm-1', detail: {} };
  const parcel = { eventId: 'pay_1-3', consumer: 'notify-buyer', paymentId: 'pay_1' };
  const deliveries = createDeliveryRepository(client, 'Deliveries', { now: () => noon });

  it.each([
    [
      'moves a payment',
      () => payments.tryUpdate(payment, applyTransition(payment, 'claimed')),
      true,
    ],
    ['notes a cancellation', () => payments.recordCancelRequest(payment, { at }), true],
    [
      'keeps evidence',
      () => payments.recordEvidence(payment, { at, by: 'test', detail: 'x' }),
      true,
    ],
    ['takes a payment in hand', () => payments.tryLease(payment, at), true],
    ['takes a refund in hand', () => refunds.tryLease(payment as never, at), true],
    [
      'puts a payment behind',
      () => createDueIndex(client, 'Payments', 'paymentId').reschedule('p', noon),
    ],
    ['keeps an audit', () => createAuditLog(client, 'Audits').append(audit)],
    ['records a delivery', () => deliveries.deliverOnce(parcel, async () => {}), 'delivered'],
  ])('%s at the second try', async (_what, write, result = undefined) => {
    const conflict = failing('TransactionConflictException');
    db.onAnyCommand().resolves({});
    db.on(GetCommand, { TableName: 'Payments' }).resolves({ Item: payment });
    db.on(UpdateCommand).rejectsOnce(conflict).resolves({});
    db.on(PutCommand).rejectsOnce(conflict).resolves({});

    expect(await write()).toBe(result);
    expect(db.commandCalls(UpdateCommand).length + db.commandCalls(PutCommand).length).toBe(2);
  });
});

describe('a write that was sent again after its answer was lost', () => {
  const payments = createPaymentRepository(client, 'Payments');
  const payment = { ...aPayment(), dueAt: noon.toISOString() };
  const later = new Date(noon.getTime() + 60_000).toISOString();

  it('has taken the payment in hand, if what is stored is what it wrote', async () => {
    db.on(UpdateCommand).rejects(refused({ ...payment, dueAt: later }, 2));

    expect(await payments.tryLease(payment, later)).toBe(true);
  });

  it.each([
    ['another one has taken it', { ...payment, dueAt: noon.toISOString() }, 2],
    ['it has moved since', { ...payment, version: payment.version + 1, dueAt: later }, 2],
    ['it was sent once, so that another one did the same', { ...payment, dueAt: later }, 1],
  ])('has not where %s', async (_what, stored, attempts) => {
    db.on(UpdateCommand).rejects(refused(stored, attempts));

    expect(await payments.tryLease(payment, later)).toBe(false);
  });
});

it('takes in hand what was out of the index of what is due, and puts it into the index again', async () => {
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
