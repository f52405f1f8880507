import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { measureStarts } from '../../bench/cold/start.ts';

const folder = mkdtempSync(join(tmpdir(), 'aftercommit-cold-'));
afterAll(() => rmSync(folder, { recursive: true }));

const aBundle = (name: string, text: string) => {
  const bundle = join(folder, name);
  writeFileSync(bundle, text);

  return bundle;
};

// Four processes start one after another, on a machine that may be busy.
const startsWithinMs = 60_000;

it(
  'measures more processor time for a bundle that computes while loading',
  async () => {
    const idle = aBundle('idle.cjs', 'exports.handler = () => {};');
    const busy = aBundle('busy.cjs', 'let sum = 0; for (let i = 0; i < 2e8; i += 1) sum += i % 7;');

    const starts = await measureStarts(
      [
        { name: 'idle', bundle: idle, environment: {} },
        { name: 'busy', bundle: busy, environment: {} },
      ],
      1,
    );

    // Processor time does not depend on other load.
    expect(starts.busy?.cpuMs.median).toBeGreaterThan(starts.idle?.cpuMs.median ?? Infinity);
  },
  startsWithinMs,
);

it(
  'loads ES modules with the variables of the function',
  async () => {
    const bundle = aBundle(
      'named.mjs',
      'if (process.env.NAME !== "alice") throw new Error("who?");',
    );

    await expect(
      measureStarts([{ name: 'named', bundle, environment: { NAME: 'bob' } }], 1),
    ).rejects.toThrow('did not load');
    await expect(
      measureStarts([{ name: 'named', bundle, environment: { NAME: 'alice' } }], 1),
    ).resolves.toHaveProperty('named');
  },
  startsWithinMs,
);

it(
  'measures the first request apart from the loading, and fails if it is answered otherwise',
  async () => {
    const bundle = aBundle(
      'busy-once.mjs',
      `export const handler = async ({ turns }) => {
         let sum = 0;
         for (let i = 0; i < turns; i += 1) sum += i % 7;
         return { statusCode: 202, sum };
       };`,
    );
    const measured = (turns: number, expectedStatus = 202) =>
      measureStarts(
        [{ name: 'one', bundle, environment: {}, request: { event: { turns }, expectedStatus } }],
        1,
      );

    const { one } = await measured(2e8);

    expect(one?.firstRequest?.cpuMs.median).toBeGreaterThan(one?.cpuMs.median ?? Infinity);
    await expect(measured(1, 200)).rejects.toThrow('answered 202');
  },
  startsWithinMs,
);
