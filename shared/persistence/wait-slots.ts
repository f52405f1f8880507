import { requireEnv } from '../config/env.ts';
import type { BasePlatform, Database } from '../config/platform.ts';
import { equals, notExistsOrLessOrEqual, update } from './dynamodb/expressions.ts';
import { writeItem } from './dynamodb/write-item.ts';

type ReleaseSlot = () => Promise<unknown>;

interface WaitSlotOptions extends Pick<BasePlatform, 'clock' | 'random' | 'randomId'> {
  /** Slots of one name are shared by all instances of one function. */
  readonly name: string;
  readonly count: number;
}

/** Only some slots are tried, so that a request without a slot is answered soon. */
const maxAttempts = 3;

/** Covers clock skew, and a function that is slow to return. */
const marginMs = 5_000;

/**
 * A counting semaphore of leases: at most `count` requests hold a slot. A lease that is not released expires,
 * so a function that crashes does not keep its slot.
 *
 * Returns a function that leases a slot for a time. That function returns the release of the lease, or
 * undefined if it found no free slot.
 */
export const createWaitSlots = (
  db: Database,
  table: string,
  { name, count, clock, random, randomId }: WaitSlotOptions,
) => {
  const keyOf = (slot: number) => ({ id: `${name}#wait-slot#${slot}` });

  return async (leaseMs: number): Promise<ReleaseSlot | undefined> => {
    const holder = randomId();
    const first = Math.floor(random() * count);
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
      // A retried write can fail because of its own first attempt: the holder shows that.
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

/** The wait slots of one function; WAIT_SLOTS is their number. */
export const waitSlotsFromEnv = (
  { environment, db, clock, random, randomId }: BasePlatform,
  name: string,
) => {
  const env = requireEnv(environment, 'IDEMPOTENCY_TABLE', 'WAIT_SLOTS');

  return createWaitSlots(db, env.IDEMPOTENCY_TABLE, {
    name,
    count: Number(env.WAIT_SLOTS),
    ...{ clock, random, randomId },
  });
};
