import { describe, expect, it } from 'vitest';
import { emptyQueue } from '../../../shared/config/work-queue.ts';

const nextTurn = () => new Promise(setImmediate);

describe('emptyQueue', () => {
  it('works on the oldest first, a limited number at once', async () => {
    const started: string[] = [];
    let running = 0;
    let most = 0;

    await emptyQueue([...'abcdefgh'], 3, async (item) => {
      started.push(item);
      running += 1;
      most = Math.max(most, running);
      await nextTurn();
      running -= 1;
    });

    expect(started.join('')).toBe('abcdefgh');
    expect(most).toBe(3);
  });

  it('works on items that come later, behind the others', async () => {
    const queue = ['long 1', 'short'];
    const done: string[] = [];

    await emptyQueue(queue, 1, async (item) => {
      done.push(item);
      if (item === 'long 1') queue.push('long 2');
      await nextTurn();
    });

    expect(done).toEqual(['long 1', 'short', 'long 2']);
    expect(queue).toEqual([]);
  });

  it('goes on after a fault, and throws it at the end', async () => {
    const done: string[] = [];
    const work = async (item: string) => {
      if (item === 'b' || item === 'c') throw new Error(`no ${item}`);
      await nextTurn();
      done.push(item);
    };

    await expect(emptyQueue([...'abcd'], 2, work)).rejects.toThrow('no b');

    expect(done).toEqual(['a', 'd']);
  });

  it('ends at once if the queue is empty', async () => {
    await expect(emptyQueue<string>([], 4, async () => {})).resolves.toBeUndefined();
  });
});
