import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Refusal } from '../domain/errors.ts';
import type { Evidence, Payment } from '../domain/payment.ts';
import { check, equals, exists, fewerThan, putNew, update } from './expression.ts';

/** Another buyer's payment looks like a missing one. */
export const paymentNotFound = (paymentId: string) =>
  new Refusal({
    code: 'payment-not-found',
    detail: `There is no payment "${paymentId}" of yours.`,
  });

/** Enough for every answer that could come late, and far from the size that an item may have. */
const mostEvidence = 20;

/** The payments of a table. A payment that is there only ever moves by `move`. */
export const paymentsIn = (db: DynamoDBDocumentClient, table: string) => {
  const find = async (paymentId: string): Promise<Payment | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: table, Key: { paymentId }, ConsistentRead: true }),
    );

    return Item as Payment | undefined;
  };

  /** Writes what differs, if the stored payment is still the one that was read. */
  const move = (before: Payment, after: Payment) => {
    const changed = Object.entries(after).filter(
      ([name, value]) =>
        name !== 'history' && !isDeepStrictEqual(before[name as keyof Payment], value),
    );

    return update({
      table,
      key: { paymentId: before.paymentId },
      set: Object.fromEntries(changed),
      append: { history: after.history.slice(before.history.length) },
      remove: Object.keys(before).filter((name) => !(name in after)),
      when: [equals('version', before.version), equals('status', before.status)],
    });
  };

  return {
    find,

    /** The buyer's own payment; refused as payment-not-found otherwise. */
    async ownedBy(userId: string, paymentId: string): Promise<Payment> {
      const payment = await find(paymentId);
      if (payment?.userId !== userId) throw paymentNotFound(paymentId);

      return payment;
    },

    /** The payment of an id that came from our own events; anything else is a defect. */
    async existing(paymentId: string): Promise<Payment> {
      const payment = await find(paymentId);
      if (payment === undefined) throw new Error(`There is no payment ${paymentId}.`);

      return payment;
    },

    open: (payment: Payment) => putNew({ table, item: payment, id: 'paymentId' }),

    move,

    /** Lets a transaction happen only while the payment is still as it was read. */
    unmoved: ({ paymentId, version, status }: Payment) =>
      check({
        table,
        key: { paymentId },
        when: [equals('version', version), equals('status', status)],
      }),

    /** Moves a payment on its own; false where another write was first, and then nothing has changed. */
    async moved(before: Payment, after: Payment): Promise<boolean> {
      try {
        await db.send(new UpdateCommand(move(before, after).Update));

        return true;
      } catch (error) {
        return whetherRefused(error);
      }
    },

    /**
     * Lets the payment be due at another time, if it is as it was read; false otherwise. It moves nothing and so has no version: of several
     * that find it overdue, one takes it in hand.
     */
    async takenInHand(payment: Payment, dueAt: string): Promise<boolean> {
      const { Update } = update({
        table,
        key: { paymentId: payment.paymentId },
        set: { dueAt },
        when: [equals('version', payment.version), equals('dueAt', payment.dueAt)],
      });
      try {
        await db.send(new UpdateCommand(Update));

        return true;
      } catch (error) {
        return whetherRefused(error);
      }
    },

    /** Keeps what was seen with the payment, whatever has become of it; false where it has too much of that already. */
    async note({ paymentId }: Payment, seen: Evidence): Promise<boolean> {
      const { Update } = update({
        table,
        key: { paymentId },
        collect: { evidence: [seen] },
        when: [exists('paymentId'), fewerThan('evidence', mostEvidence)],
      });
      try {
        await db.send(new UpdateCommand(Update));

        return true;
      } catch (error) {
        return whetherRefused(error);
      }
    },
  };
};

/** False for a condition that did not hold; anything else is thrown on. */
const whetherRefused = (error: unknown): false => {
  if (error instanceof ConditionalCheckFailedException) return false;
  throw error;
};

export type Payments = ReturnType<typeof paymentsIn>;
