import { randomInt, randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../domain/clock.ts';
import { absentOrAtMost, equals, update } from './dynamodb/expressions.ts';
import { writeItem } from './dynamodb/write-item.ts';

/** Takes a slot for so long, and returns what gives it back early. Undefined if no slot was found free. */
export type TakeWaitSlot = (forMs: number) => Promise<(() => Promise<unknown>) | undefined>;

interface WaitSlots {
  /** Slots of one name are shared by all instances of one function. */
  readonly name: string;
  readonly count: number;
  readonly clock: Clock;
}

/** A few of many slots are tried, so that a request that gets none is answered soon. */
const maxTries = 3;

/** Covers clocks that differ, and a function that is slow to return. */
const marginMs = 5_000;

/**
 * A counting semaphore of leases: at most `count` requests hold a slot. A lease that is not given back expires, so a function that dies
 * takes nothing with it.
 */
export const waitSlotsIn = (
  db: DynamoDBDocumentClient,
  table: string,
  { name, count, clock }: WaitSlots,
): TakeWaitSlot => {
  const keyOf = (slot: number) => ({ id: `wait-slot#${name}#${slot}` });

  return async (forMs) => {
    const holder = randomUUID();
    const first = randomInt(count);
    for (let tried = 0; tried < Math.min(maxTries, count); tried += 1) {
      const key = keyOf((first + tried) % count);
      const now = clock.now().getTime();
      const until = now + forMs + marginMs;
      const refused = await writeItem(
        db,
        update({
          table,
          key,
          set: {
            holder,
            heldUntil: new Date(until).toISOString(),
            expiration: Math.ceil(until / 1_000),
          },
          when: [absentOrAtMost('heldUntil', new Date(now).toISOString())],
        }),
      );
      // A write that was sent twice may be refused by itself: the holder says whose it is.
      if (refused === undefined || refused.stored?.holder === holder) {
        return () =>
          writeItem(
            db,
            update({
              table,
              key,
              set: { heldUntil: clock.now().toISOString() },
              when: [equals('holder', holder)],
            }),
          );
      }
    }

    return undefined;
  };
};
