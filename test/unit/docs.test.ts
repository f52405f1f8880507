import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { generatedDocs } from '../../dev/docs/generated.ts';

const pages = ['README.md', ...globSync('docs/**/*.md')];
const textOf = (path: string) => readFileSync(path, 'utf8');

/** The id that GitHub gives to a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string) =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** Every link of a page to something in this repository. */
const linksOf = (page: string) =>
  [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');

      return { path: path === '' ? page : normalize(join(dirname(page), path)), anchor };
    });

describe('the documentation', () => {
  it.each([...generatedDocs()])('%s says what the code says', (path, text) => {
    expect(existsSync(path) && textOf(path), 'run node dev/generate-docs.ts').toBe(text);
  });

  it('has no schema of an event that is no more', () => {
    const schemas = readdirSync('docs/events').map((file) => `docs/events/${file}`);

    expect([...generatedDocs().keys()]).toEqual(expect.arrayContaining(schemas));
  });

  it.each(pages)('%s links to what is there', (page) => {
    const broken = linksOf(page).filter(
      ({ path, anchor }) => !existsSync(path) || (anchor && !anchorsOf(path).includes(anchor)),
    );

    expect(broken).toEqual([]);
  });

  it.each(globSync('docs/decisions/*.md'))('%s has a number and a date', (page) => {
    const number = /(\d{4})-[a-z0-9-]+\.md$/.exec(page)?.[1];

    expect(textOf(page)).toMatch(
      new RegExp(`^# ${Number(number)}\\. .+\n\n\\d{4}-\\d\\d-\\d\\d\n`),
    );
  });
});

describe('the ten invariants', () => {
  const invariants = [
    ...textOf('docs/architecture.md').matchAll(/^\d+\. (.+)((?:\n {3,}\[.+)+)/gm),
  ].map(([, invariant = '', proofs = '']) => ({ invariant, proofs }));

  it('are ten', () => {
    expect(invariants).toHaveLength(10);
  });

  it.each(invariants)('name their tests: $invariant', ({ proofs }) => {
    const named = [...proofs.matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g)];

    expect(named).not.toEqual([]);
    for (const [, name = '', path = ''] of named) {
      expect(textOf(path).split(/['"`]/)).toContain(name);
    }
  });
});

describe('the runbook', () => {
  const entries = textOf('docs/runbook.md')
    .split(/^## /m)
    .slice(1)
    .map((text) => ({ heading: text.split('\n', 1)[0], text }))
    .filter(({ heading }) => heading !== 'Where to look');

  it.each(entries)('says what to do: $heading', ({ text }) => {
    const parts = text.match(/\*\*\w+\.\*\*/g);

    expect(parts).toEqual(['**Means.**', '**Look.**', '**Do.**']);
  });
});

describe('the README', () => {
  const readme = () => textOf('README.md');

  it('names scripts that are there', () => {
    const { scripts } = JSON.parse(textOf('package.json'));
    const named = [...readme().matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name);

    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it('says how to invoke each function, and what each sample is', () => {
    const constructs = readdirSync('functions').map((folder) => `\`${pascalCase(folder)}\``);
    const samples = globSync('events/*.json').map((path) => `\`${basename(path, '.json')}\``);

    expect([...constructs, ...samples].filter((name) => !readme().includes(name))).toEqual([]);
  });

  it('names the files that LocalStack leaves out, wholly or in part', () => {
    const [, section] = /^## LocalStack\n(.+?)^## /ms.exec(readme()) ?? [];
    const excluded = textOf('dev/localstack.ts').matchAll(/--exclude=([^']+)/g);
    const guarded = globSync('test/integration/*.test.ts').filter((path) =>
      textOf(path).includes('isDirectOnly'),
    );
    const leftOut = new Set([...[...excluded].map(([, path]) => path), ...guarded]);
    const named = section?.matchAll(/^- .+\]\((test\/integration\/.+)\), because /gm) ?? [];

    expect(new Set([...named].map(([, path]) => path))).toEqual(leftOut);
  });
});
