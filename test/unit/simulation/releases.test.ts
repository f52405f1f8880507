import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../bench/temporary-folder.ts';
import { releaseVersion } from '../../simulation/releases.ts';
import { eventsText } from '../../support/builders/example-events.ts';

let folder: string;
let clear: () => void;

const releases = 'test/releases';
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
const has = (file: string) => existsSync(join(folder, releases, file));

const manifest = { name: 'shop', version: '0.9.0', scripts: { start: 'node start.ts' } };
const lockOf = (version: string) => ({
  name: 'shop',
  version,
  packages: { '': { name: 'shop', version }, 'node_modules/zod': { version: '0.9.0' } },
});

beforeEach(() => {
  ({ folder, clear } = temporaryFolder('releases'));
  for (const version of ['0.8.0', '0.9.0'])
    mkdirSync(join(folder, releases, version), { recursive: true });
  write(`${releases}/0.8.0/events.json`, '[]');
  write(`${releases}/0.8.0/compositions.mjs.br`, 'build of 0.8.0');
  write(`${releases}/0.9.0/events.json`, eventsText());
  write('package.json', JSON.stringify(manifest));
  write('package-lock.json', JSON.stringify(lockOf('0.9.0')));
});
afterEach(() => clear());

const release = (next: string) =>
  releaseVersion({
    root: folder,
    next,
    writeBuild: async (into) =>
      writeFileSync(join(into, 'compositions.mjs.br'), `build of ${read('package.json')}`),
  });

describe('releaseVersion', () => {
  it('stores the build of the version, and of no earlier one, and keeps all events', async () => {
    expect(await release('0.10.0')).toBe('0.9.0');

    expect(read(`${releases}/0.9.0/compositions.mjs.br`)).toContain('"version":"0.9.0"');
    expect(has('0.8.0/compositions.mjs.br')).toBe(false);
    expect(read(`${releases}/0.8.0/events.json`)).toBe('[]');
    expect(read(`${releases}/0.9.0/events.json`)).toBe(eventsText());
  });

  it('begins the next version with its number and its events', async () => {
    await release('0.10.0');

    expect(JSON.parse(read('package.json'))).toEqual({ ...manifest, version: '0.10.0' });
    expect(JSON.parse(read('package-lock.json'))).toEqual(lockOf('0.10.0'));
    expect(read(`${releases}/0.10.0/events.json`)).toBe(eventsText());
    expect(has('0.10.0/compositions.mjs.br')).toBe(false);
  });

  it.each(['0.9.0', '0.8.1', 'next', '1.0'])('refuses %s after 0.9.0', async (next) => {
    await expect(release(next)).rejects.toThrow(`${next} is not a version after 0.9.0`);

    expect(has('0.9.0/compositions.mjs.br')).toBe(false);
    expect(has('0.8.0/compositions.mjs.br')).toBe(true);
  });

  it('refuses a version whose stored events differ', async () => {
    write(`${releases}/0.9.0/events.json`, '[]');

    await expect(release('0.10.0')).rejects.toThrow('The events are not those of');

    expect(has('0.9.0/compositions.mjs.br')).toBe(false);
    expect(JSON.parse(read('package.json')).version).toBe('0.9.0');
  });
});
