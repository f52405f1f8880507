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
  () => {
    const idle = aBundle('idle.cjs', 'exports.handler = () => {};');
    const busy = aBundle('busy.cjs', 'let sum = 0; for (let i = 0; i < 2e8; i += 1) sum += i % 7;');

    const starts = measureStarts(
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
  () => {
    const bundle = aBundle(
      'named.mjs',
      'if (process.env.NAME !== "alice") throw new Error("who?");',
    );

    expect(() =>
      measureStarts([{ name: 'named', bundle, environment: { NAME: 'bob' } }], 1),
    ).toThrow('did not load');
    expect(
      measureStarts([{ name: 'named', bundle, environment: { NAME: 'alice' } }], 1),
    ).toHaveProperty('named');
  },
  startsWithinMs,
);
