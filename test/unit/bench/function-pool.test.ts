import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { InvocationResult } from '../../bench/host/environment.ts';
import { createFunctionPool, type FunctionPool } from '../../bench/host/function-pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'aftercommit-pool-'));
const bundle = join(folder, 'index.js');
writeFileSync(
  bundle,
  `let events = 0;
   exports.handler = async ({ say, fail }) => {
     events += 1;
     const turn = events;
     process.stdout.write(say ?? '');
     if (fail) throw new Error(fail);
     return { turn, name: process.env.NAME, thread: require('node:worker_threads').threadId };
   };`,
);

const results: InvocationResult[] = [];
let pool: FunctionPool;

const aPool = (most: number) => {
  pool = createFunctionPool(
    { folder: 'say-it', bundle, environment: { NAME: 'alice' }, timeoutMs: 1_000 },
    most,
    (_, one) => results.push(one),
  );

  return pool;
};

afterEach(async () => {
  results.length = 0;
  await pool.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

it('reuses an environment for one event at a time', async () => {
  const { invoke } = aPool(1);

  const answers = await Promise.all([invoke({}), invoke({}), invoke({})]);

  expect(answers).toMatchObject([{ turn: 1 }, { turn: 2 }, { turn: 3 }]);
  expect(answers[0]).toMatchObject({ name: 'alice' });
});

it('starts a new environment if none is idle, up to the maximum', async () => {
  const { invoke } = aPool(2);

  const answers = (await Promise.all([invoke({}), invoke({}), invoke({})])) as { thread: number }[];

  expect(new Set(answers.map(({ thread }) => thread)).size).toBe(2);
});

it('starts environments when warmed up, up to the maximum', async () => {
  const { warm, invoke } = aPool(2);

  await warm(3);
  const answers = (await Promise.all([{}, {}, {}].map(invoke))) as { thread: number }[];

  expect(new Set(answers.map(({ thread }) => thread)).size).toBe(2);
});

it('counts the log output of a function', async () => {
  await aPool(1).invoke({ say: 'héllo' });

  expect(results).toMatchObject([{ logBytes: 6 }]);
});

it('rejects if the function throws and handles the next event', async () => {
  const { invoke } = aPool(1);

  await expect(invoke({ fail: 'broken' })).rejects.toThrow('say-it: Error: broken');
  await expect(invoke({})).resolves.toMatchObject({ turn: 2 });
});
