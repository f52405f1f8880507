import { createDatabase } from '../../../shared/config/system-runtime.ts';
import 'aws-sdk-client-mock-vitest/extend';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { dayMs } from '../../../shared/domain/time.ts';
import {
  createDeliveryRepository,
  isTooOldToDeliver,
} from '../../../shared/persistence/delivery-repository.ts';
import { itemExistsError, noonClock } from '../../support/builders/consumer-events.ts';

const db = mockClient(DynamoDBDocumentClient);
const deliveries = createDeliveryRepository(
  createDatabase(db as unknown as DynamoDBDocumentClient),
  'Deliveries',
  noonClock,
);
const identity = { eventId: 'pay_1-3', consumer: 'notify-buyer', paymentId: 'pay_1' };
const deliveryRequest = { ...identity, eventTime: '2026-03-14T11:59:00.000Z' };
const send = vi.fn(async () => {});

beforeEach(() => {
  db.reset();
  send.mockReset();
  db.on(GetCommand).resolves({});
  db.on(PutCommand).resolves({});
});

describe('deliver once', () => {
  it('sends an event without a record first and records it afterwards', async () => {
    send.mockImplementation(async () => expect(db).not.toHaveReceivedCommand(PutCommand));

    expect(await deliveries.deliverOnce(deliveryRequest, send)).toBe('delivered');

    expect(send).toHaveBeenCalledOnce();
    expect(db).toHaveReceivedCommandExactlyOnceWith(PutCommand, {
      TableName: 'Deliveries',
      Item: {
        ...identity,
        deliveredAt: '2026-03-14T12:00:00.000Z',
        // 401 days after the event.
        expiration: Date.parse('2027-04-19T11:59:00.000Z') / 1_000,
      },
      ConditionExpression: 'attribute_not_exists(#eventId)',
      ExpressionAttributeNames: { '#eventId': 'eventId' },
    });
  });

  it('does not send an event that has a record', async () => {
    db.on(GetCommand, {
      TableName: 'Deliveries',
      Key: { eventId: 'pay_1-3', consumer: 'notify-buyer' },
      ConsistentRead: true,
    }).resolves({ Item: identity });

    expect(await deliveries.deliverOnce(deliveryRequest, send)).toBe('duplicate');

    expect(send).not.toHaveBeenCalled();
    expect(db).not.toHaveReceivedCommand(PutCommand);
  });

  it.each([
    [399.9, 'delivered', 1],
    [400.1, 'too-old', 0],
  ])(
    'of an event of %d days ago is %s, because its record may be deleted',
    async (days, outcome, sent) => {
      const eventTime = new Date(noonClock.now().getTime() - days * dayMs).toISOString();

      expect(await deliveries.deliverOnce({ ...identity, eventTime }, send)).toBe(outcome);

      expect(send).toHaveBeenCalledTimes(sent);
      expect(db).toHaveReceivedCommandTimes(PutCommand, sent);
    },
  );

  it('recognises an old event whose record is not deleted yet', async () => {
    db.on(GetCommand).resolves({ Item: identity });
    const eventTime = '2020-01-01T00:00:00.000Z';

    expect(await deliveries.deliverOnce({ ...identity, eventTime }, send)).toBe('duplicate');
  });

  it('keeps the record for as long as a copy of its event may be sent', async () => {
    await deliveries.deliverOnce(deliveryRequest, send);

    const [put] = db.commandCalls(PutCommand);
    const expiresAt = new Date(Number(put?.args[0].input.Item?.expiration) * 1_000);
    expect(isTooOldToDeliver(deliveryRequest.eventTime, expiresAt)).toBe(true);
  });

  it('stores no record if sending fails', async () => {
    send.mockRejectedValue(new Error('500'));

    await expect(deliveries.deliverOnce(deliveryRequest, send)).rejects.toThrow('500');

    expect(db).not.toHaveReceivedCommand(PutCommand);
  });

  it('returns delivered if a concurrent copy stored its record first', async () => {
    db.on(PutCommand).rejects(itemExistsError());

    expect(await deliveries.deliverOnce(deliveryRequest, send)).toBe('delivered');
  });

  it('throws if the record cannot be written', async () => {
    db.on(PutCommand).rejects(new Error('no table'));

    await expect(deliveries.deliverOnce(deliveryRequest, send)).rejects.toThrow('no table');
  });

  it('sends nothing if the record cannot be read', async () => {
    db.on(GetCommand).rejects(new Error('throttled'));

    await expect(deliveries.deliverOnce(deliveryRequest, send)).rejects.toThrow('throttled');

    expect(send).not.toHaveBeenCalled();
  });
});
