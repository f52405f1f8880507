import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createWaitSlots } from '../../../shared/persistence/wait-slots.ts';
import { noon } from '../../support/builders/builders.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';

const createSlots = (count: number, random = () => 0) => {
  const tables = new MemoryDynamo({ Idempotency: ['id'] });
  let nowMs = noon.getTime();
  const clock = { now: () => new Date(nowMs) };
  const of = (name: string) =>
    createWaitSlots(tables.client, 'Idempotency', {
      ...{ name, count, clock, random },
      randomId: randomUUID,
    });

  return {
    tables,
    acquire: of('get-payment'),
    acquireOther: of('get-refund'),
    advance: (milliseconds: number) => {
      nowMs += milliseconds;
    },
  };
};

describe('wait slots', () => {
  it('leases at most the configured number of slots', async () => {
    const { acquire } = createSlots(2);

    const acquired = await Promise.all([1, 2, 3, 4].map(() => acquire(20_000)));

    expect(acquired.filter(Boolean)).toHaveLength(2);
  });

  it('keeps the slots of different functions apart', async () => {
    const { acquire, acquireOther } = createSlots(1);

    expect(await acquire(20_000)).toBeDefined();
    expect(await acquireOther(20_000)).toBeDefined();
  });

  it('leases a released slot again', async () => {
    const { acquire } = createSlots(1);

    const release = await acquire(20_000);
    expect(await acquire(20_000)).toBeUndefined();
    await release?.();

    expect(await acquire(20_000)).toBeDefined();
  });

  it('leases a slot again after the lease of a crashed function has expired', async () => {
    const { acquire, advance } = createSlots(1);

    await acquire(20_000);
    advance(24_999);
    expect(await acquire(20_000)).toBeUndefined();
    advance(1);

    expect(await acquire(20_000)).toBeDefined();
  });

  it('does not release a slot that another request has leased since', async () => {
    const { acquire, advance } = createSlots(1);
    const release = await acquire(20_000);
    advance(25_000);
    await acquire(20_000);

    await release?.();

    expect(await acquire(20_000)).toBeUndefined();
  });

  it('stores leases with an expiration time for the table', async () => {
    const { acquire, tables } = createSlots(1);

    await acquire(20_000);

    expect(tables.items('Idempotency')).toEqual([
      expect.objectContaining({
        id: 'get-payment#wait-slot#0',
        expiration: noon.getTime() / 1_000 + 25,
      }),
    ]);
  });

  it('begins with a random slot and goes on from the first after the last', async () => {
    const { acquire, tables } = createSlots(3, () => 0.99);

    await acquire(20_000);
    await acquire(20_000);

    expect(tables.items<{ id: string }>('Idempotency').map(({ id }) => id)).toEqual([
      'get-payment#wait-slot#2',
      'get-payment#wait-slot#0',
    ]);
  });

  it('tries only some slots if there are many', async () => {
    let commands = 0;
    const occupied = new MemoryDynamo({ Idempotency: ['id'] }, async () => {
      commands += 1;
    });
    const clock = { now: () => noon };
    const acquire = createWaitSlots(occupied.client, 'Idempotency', {
      name: 'a',
      count: 150,
      clock,
      random: () => 0,
      randomId: randomUUID,
    });
    for (let slot = 0; slot < 150; slot += 1)
      occupied.put('Idempotency', { id: `a#wait-slot#${slot}`, heldUntil: '2999-01-01' });

    expect(await acquire(1)).toBeUndefined();

    expect(commands).toBe(3);
  });
});
