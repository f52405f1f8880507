import { randomInt, randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../domain/clock.ts';
import { equals, notExistsOrLessOrEqual, update } from './dynamodb/expressions.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** Takes a slot for so long, and returns what gives it back early. Undefined if no slot was found free. */
export type AcquireWaitSlot = (forMs: number) => Promise<(() => Promise<unknown>) | undefined>;

interface WaitSlotOptions {
  /** Slots of one name are shared by all instances of one function. */
  readonly name: string;
  readonly count: number;
  readonly clock: Clock;
}

/** A few of many slots are tried, so that a request that gets none is answered soon. */
const maxAttempts = 3;

/** Covers clocks that differ, and a function that is slow to return. */
const marginMs = 5_000;

/**
 * A counting semaphore of leases: at most `count` requests hold a slot. A lease that is not given back expires, so a function that dies
 * takes nothing with it.
 */
export const createWaitSlots = (
  db: DynamoDBDocumentClient,
  table: string,
  { name, count, clock }: WaitSlotOptions,
): AcquireWaitSlot => {
  const keyOf = (slot: number) => ({ id: `wait-slot#${name}#${slot}` });

  return async (leaseMs) => {
    const holder = randomUUID();
    const first = randomInt(count);
    for (let attempt = 0; attempt < Math.min(maxAttempts, count); attempt += 1) {
      const key = keyOf((first + attempt) % count);
      const now = clock.now().getTime();
      const until = now + leaseMs + marginMs;
      const conflict = await writeItem(
        db,
        update({
          table,
          key,
          set: {
            holder,
            heldUntil: new Date(until).toISOString(),
            expiration: Math.ceil(until / 1_000),
          },
          conditions: [notExistsOrLessOrEqual('heldUntil', new Date(now).toISOString())],
        }),
      );
      // A write that was sent twice may be refused by itself: the holder says whose it is.
      if (conflict === undefined || conflict.stored?.holder === holder) {
        return () =>
          writeItem(
            db,
            update({
              table,
              key,
              set: { heldUntil: clock.now().toISOString() },
              conditions: [equals('holder', holder)],
            }),
          );
      }
    }

    return undefined;
  };
};
