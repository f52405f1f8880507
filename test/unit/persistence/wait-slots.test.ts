import { describe, expect, it } from 'vitest';
import { createWaitSlots } from '../../../shared/persistence/wait-slots.ts';
import { noon } from '../../support/builders/builders.ts';
import { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';

const createSlots = (count: number) => {
  const tables = new MemoryDynamo({ Idempotency: ['id'] });
  let nowMs = noon.getTime();
  const clock = { now: () => new Date(nowMs) };
  const of = (name: string) =>
    createWaitSlots(tables.client, 'Idempotency', { name, count, clock });

  return {
    tables,
    take: of('get-payment'),
    takeOther: of('get-refund'),
    pass: (milliseconds: number) => {
      nowMs += milliseconds;
    },
  };
};

describe('the slots of long polls', () => {
  it('are so many and no more', async () => {
    const { take } = createSlots(2);

    const taken = await Promise.all([1, 2, 3, 4].map(() => take(20_000)));

    expect(taken.filter(Boolean)).toHaveLength(2);
  });

  it('of one function leave those of another alone', async () => {
    const { take, takeOther } = createSlots(1);

    expect(await take(20_000)).toBeDefined();
    expect(await takeOther(20_000)).toBeDefined();
  });

  it('are free again once given back', async () => {
    const { take } = createSlots(1);

    const giveBack = await take(20_000);
    expect(await take(20_000)).toBeUndefined();
    await giveBack?.();

    expect(await take(20_000)).toBeDefined();
  });

  it('are free again after the function that took them has died', async () => {
    const { take, pass } = createSlots(1);

    await take(20_000);
    pass(24_999);
    expect(await take(20_000)).toBeUndefined();
    pass(1);

    expect(await take(20_000)).toBeDefined();
  });

  it('are not given back by one whose lease has expired and is held by another', async () => {
    const { take, pass } = createSlots(1);
    const giveBack = await take(20_000);
    pass(25_000);
    await take(20_000);

    await giveBack?.();

    expect(await take(20_000)).toBeUndefined();
  });

  it('vanish from the table by themselves', async () => {
    const { take, tables } = createSlots(1);

    await take(20_000);

    expect(tables.items('Idempotency')).toEqual([
      expect.objectContaining({
        id: 'wait-slot#get-payment#0',
        expiration: noon.getTime() / 1_000 + 25,
      }),
    ]);
  });

  it('are asked for a few times at most, however many there are', async () => {
    let commands = 0;
    const refusing = new MemoryDynamo({ Idempotency: ['id'] }, async () => {
      commands += 1;
    });
    const clock = { now: () => noon };
    const take = createWaitSlots(refusing.client, 'Idempotency', { name: 'a', count: 150, clock });
    for (let slot = 0; slot < 150; slot += 1)
      refusing.put('Idempotency', { id: `wait-slot#a#${slot}`, heldUntil: '2999-01-01' });

    expect(await take(1)).toBeUndefined();

    expect(commands).toBe(3);
  });
});
