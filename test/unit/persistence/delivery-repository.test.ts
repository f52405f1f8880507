import { createDatabase } from '../../../shared/config/system-runtime.ts';
import 'aws-sdk-client-mock-vitest/extend';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeliveryRepository } from '../../../shared/persistence/delivery-repository.ts';
import { itemExistsError, noonClock } from '../../support/builders/consumer-events.ts';

const db = mockClient(DynamoDBDocumentClient);
const deliveries = createDeliveryRepository(
  createDatabase(db as unknown as DynamoDBDocumentClient),
  'Deliveries',
  noonClock,
);
const deliveryRequest = { eventId: 'pay_1-3', consumer: 'notify-buyer', paymentId: 'pay_1' };
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
      Item: { ...deliveryRequest, deliveredAt: '2026-03-14T12:00:00.000Z' },
      ConditionExpression: 'attribute_not_exists(#eventId)',
      ExpressionAttributeNames: { '#eventId': 'eventId' },
    });
  });

  it('does not send an event that has a record', async () => {
    db.on(GetCommand, {
      TableName: 'Deliveries',
      Key: { eventId: 'pay_1-3', consumer: 'notify-buyer' },
      ConsistentRead: true,
    }).resolves({ Item: deliveryRequest });

    expect(await deliveries.deliverOnce(deliveryRequest, send)).toBe('duplicate');

    expect(send).not.toHaveBeenCalled();
    expect(db).not.toHaveReceivedCommand(PutCommand);
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
