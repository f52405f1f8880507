import { describe, expect, it } from 'vitest';
import { parseStreamRecord, recordPointerOf } from '../../../shared/persistence/stream-record.ts';
import { anOrder, aPayment } from '../../support/builders/builders.ts';
import { afterTransitions } from '../../support/builders/payment-history.ts';
import { aStreamRecord } from '../../support/builders/stream-records.ts';

const before = aPayment({ paymentId: 'pay_1', paymentMethod: 'secret-method' });
const after = afterTransitions(before, 'claimed');
const points = { userId: 'alice', points: 25 };

describe('stream record', () => {
  it.each([
    ['Payments', 'payment', after],
    ['Orders', 'order', anOrder()],
    ['Refunds', 'refund', { refundId: 'rfd_1', paymentId: 'pay_1' }],
    ['LoyaltyPoints', 'points', { ...points, entry: 'PAYMENT#pay_1', paymentId: 'pay_1' }],
  ] as const)('parses a record of %s as a change of one %s', (table, of, item) => {
    expect(parseStreamRecord(aStreamRecord(table, { after: item }))).toEqual({ of, after: item });
  });

  it('returns the item before and after the change', () => {
    expect(parseStreamRecord(aStreamRecord('Payments', { before, after }))).toEqual({
      of: 'payment',
      before,
      after,
    });
  });

  it('returns undefined for a total of an earlier version and for a deleted item', () => {
    const total = { ...points, entry: 'TOTAL' };

    expect(parseStreamRecord(aStreamRecord('LoyaltyPoints', { after: total }))).toBeUndefined();
    expect(parseStreamRecord(aStreamRecord('Payments', { before }))).toBeUndefined();
  });

  it.each([
    ['of a table that is not relayed', { eventID: 'e', dynamodb: { Keys: { sku: { S: 'tea' } } } }],
    ['without keys', { eventID: 'e', dynamodb: {} }],
    ['without anything', { eventID: 'e' }],
    ['without an id', { ...aStreamRecord('Payments', { after }), eventID: undefined }],
    [
      'of values that DynamoDB does not have',
      {
        eventID: 'e',
        dynamodb: { Keys: { paymentId: { S: 'p' } }, NewImage: { paymentId: { X: 'p' } } },
      },
    ],
  ])('throws for a record %s', (_name, record) => {
    expect(() => parseStreamRecord(record as Parameters<typeof parseStreamRecord>[0])).toThrow();
  });

  it('points to the position of a record without its content', () => {
    const record = aStreamRecord('Payments', { before, after });

    expect(recordPointerOf(record)).toEqual({
      table: 'Payments',
      stream: record.eventSourceARN,
      eventId: record.eventID,
      sequenceNumber: record.dynamodb?.SequenceNumber,
      keys: { paymentId: { S: 'pay_1' } },
    });
  });
});
