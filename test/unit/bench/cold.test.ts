import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startsOf } from '../../bench/cold/start.ts';

const folder = mkdtempSync(join(tmpdir(), 'aftercommit-cold-'));
afterAll(() => rmSync(folder, { recursive: true }));

const aBundle = (name: string, text: string) => {
  const bundle = join(folder, name);
  writeFileSync(bundle, text);

  return bundle;
};

it('tells a bundle that computes while it is loaded from one that does not', () => {
  const idle = aBundle('idle.cjs', 'exports.handler = () => {};');
  const busy = aBundle('busy.cjs', 'for (const until = Date.now() + 100; Date.now() < until; );');

  const starts = startsOf(
    [
      { name: 'idle', bundle: idle, environment: {} },
      { name: 'busy', bundle: busy, environment: {} },
    ],
    1,
  );

  expect(starts.busy?.tookMs.median).toBeGreaterThan(starts.idle?.tookMs.median ?? Infinity);
});

it('loads ES modules too, with the variables of the function', () => {
  const bundle = aBundle('named.mjs', 'if (process.env.NAME !== "alice") throw new Error("who?");');

  expect(() => startsOf([{ name: 'named', bundle, environment: { NAME: 'bob' } }], 1)).toThrow(
    'did not load',
  );
  expect(startsOf([{ name: 'named', bundle, environment: { NAME: 'alice' } }], 1)).toHaveProperty(
    'named',
  );
});
