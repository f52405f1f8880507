import { expect, it } from 'vitest';
import { createSemaphore } from '../../bench/semaphore.ts';

const aWork = () => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();

  return { promise, resolve, reject, begun: false };
};

it('limits concurrency and runs waiting work in order', async () => {
  const pool = createSemaphore(2);
  const works = [aWork(), aWork(), aWork(), aWork()];
  const runs = works.map((work) =>
    pool.run(() => {
      work.begun = true;

      return work.promise;
    }),
  );
  const begun = () => works.map((work) => work.begun);
  expect(begun()).toEqual([true, true, false, false]);

  works[1]?.resolve('second');
  await runs[1];
  await Promise.resolve();

  expect(begun()).toEqual([true, true, true, false]);
});

it('frees the slot if the work fails', async () => {
  const pool = createSemaphore(1);
  const failing = pool.run(async () => Promise.reject(new Error('broken')));
  const next = pool.run(async () => 'done');

  await expect(failing).rejects.toThrow('broken');
  await expect(next).resolves.toBe('done');
});
