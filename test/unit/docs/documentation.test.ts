import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../../cdk/constructs/names.ts';
import { type RunbookEntry, runbookHeadings, severityOf } from '../../../cdk/constructs/runbook.ts';
import { parseSettings } from '../../../cdk/settings.ts';
import { functionsByCapability } from '../../../dev/docs/functions.ts';
import { generatedDocs } from '../../../dev/docs/generated.ts';
import { routes } from '../../../shared/http/routes.ts';

const pages = ['README.md', ...globSync('docs/**/*.md')];
const textOf = (path: string) => readFileSync(path, 'utf8');

/** The anchor of a heading on GitHub. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string) =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** The links of a page to files of this repository. */
const linksOf = (page: string) =>
  [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');

      return { path: path === '' ? page : normalize(join(dirname(page), path)), anchor };
    });

describe('the documentation', () => {
  it.each([...generatedDocs()])('%s matches the code', (path, text) => {
    expect(existsSync(path) && textOf(path), 'run node dev/generate-docs.ts').toBe(text);
  });

  it('has schemas of existing events only', () => {
    const schemas = readdirSync('docs/events').map((file) => `docs/events/${file}`);

    expect([...generatedDocs().keys()]).toEqual(expect.arrayContaining(schemas));
  });

  it.each(pages)('%s has no broken link', (page) => {
    const broken = linksOf(page).filter(
      ({ path, anchor }) => !existsSync(path) || (anchor && !anchorsOf(path).includes(anchor)),
    );

    expect(broken).toEqual([]);
  });

  it.each(globSync('docs/decisions/*.md'))('%s has a number, a date and a status', (page) => {
    const number = /(\d{4})-[a-z0-9-]+\.md$/.exec(page)?.[1];

    expect(textOf(page)).toMatch(
      new RegExp(
        `^# ${Number(number)}\\. .+\n\n\\d{4}-\\d\\d-\\d\\d\n\nStatus: (accepted|superseded by \\[)`,
      ),
    );
  });
});

const testsIn = (text: string) =>
  [...text.matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, name = '', path = '']) => ({
    name,
    path,
  }));

describe('the architecture', () => {
  const text = textOf('docs/architecture.md');
  const invariants = [...text.matchAll(/^\d+\. (.+)((?:\n {3,}\[.+)+)/gm)].map(
    ([, invariant = '', proofs = '']) => ({ invariant, proofs }),
  );

  it('opens with ten invariants', () => {
    expect(invariants).toHaveLength(10);
    expect(text.indexOf(invariants[9]?.invariant ?? '')).toBeLessThan(text.indexOf('```mermaid'));
  });

  it.each(invariants)('names the tests of an invariant: $invariant', ({ proofs }) => {
    expect(testsIn(proofs)).not.toEqual([]);
  });

  it.each(testsIn(text))('names an existing test: $name', ({ name, path }) => {
    expect(textOf(path).split(/['"`]/)).toContain(name);
  });

  it('lists every function with its capability', () => {
    expect(Object.values(functionsByCapability).flat().toSorted()).toEqual(
      readdirSync('functions').toSorted(),
    );
  });
});

describe('the failure modes', () => {
  const text = textOf('docs/failure-modes.md');
  const modes = text
    .split(/^### /m)
    .slice(1)
    .map((mode) => ({ heading: mode.split('\n', 1)[0] ?? '', mode }));

  it.each(modes)('$heading has four cases, with their tests', ({ mode }) => {
    const cases = [...mode.matchAll(/^- \*\*(\w+)\.\*\* \S/gm)].map(([, name]) => name);

    expect(cases).toEqual(['Lost', 'Duplicated', 'Late', 'Rejected']);
    expect(testsIn(mode).length).toBeGreaterThanOrEqual(3);
  });

  it('cover each arrow of the payment flow', () => {
    const arrows = [
      ...textOf('docs/architecture.md').matchAll(/^ {4,}([A-Z])-{1,2}>>([A-Z]): /gm),
    ].map(([, from, to]) => `${from}→${to}`);

    expect(arrows.length).toBeGreaterThan(0);
    expect(modes.map(({ heading }) => heading.split(':')[0])).toEqual(
      expect.arrayContaining([...new Set(arrows)]),
    );
  });

  it.each(testsIn(text))('name an existing test: $name', ({ name, path }) => {
    expect(textOf(path).split(/['"`]/)).toContain(name);
  });
});

describe('the runbook', () => {
  const withoutAlarm = ['Investigation basics', 'Restore to a second', 'Game days'];
  const entries = textOf('docs/runbook.md')
    .split(/^## /m)
    .slice(1)
    .map((text) => ({ heading: text.split('\n', 1)[0], text }))
    .filter(({ heading }) => !withoutAlarm.includes(`${heading}`));

  it.each(entries)('has meaning, look and do of: $heading', ({ text }) => {
    const parts = text.match(/\*\*\w+\.\*\*/g);

    expect(parts).toEqual(['**Means.**', '**Look.**', '**Do.**']);
    expect(text).toMatch(/^```sh\n(npm run |aws |curl |log )/m);
  });

  it('has one entry for each alarm heading and no other', () => {
    expect(entries.map(({ heading }) => heading).toSorted()).toEqual(
      Object.values(runbookHeadings).toSorted(),
    );
  });

  it('names the severity that each alarm notifies with', () => {
    const rows = textOf('docs/runbook.md').matchAll(/^\| \[(.+)\]\(#.+\) \| (page|ticket) \|/gm);

    expect([...rows].map(([, heading, severity]) => [heading, severity]).toSorted()).toEqual(
      Object.entries(runbookHeadings)
        .map(([entry, heading]) => [heading, severityOf(entry as RunbookEntry)])
        .toSorted(),
    );
  });

  it('redrives and deletes messages of existing queues only', () => {
    const commands = textOf('docs/runbook.md').matchAll(/dlq (?:redrive|delete) (\S+)/g);
    const named = [...commands].map(([, consumer]) => consumer);

    expect(named).not.toEqual([]);
    expect(Object.keys(runbookHeadings)).toEqual(expect.arrayContaining(named));
  });
});

describe('the glossary', () => {
  const rows = [...textOf('docs/glossary.md').matchAll(/^\| (?!term |-)(.+) \|$/gm)].map(
    ([, row = '']) => row.split(' | '),
  );

  it.each(rows)('defines %s in one sentence and names its file', (_term, meaning, file) => {
    const path = /\]\((.+)\)$/.exec(file ?? '')?.[1] ?? '';

    expect(meaning).toMatch(/^[^.]+\.$/);
    expect(existsSync(join('docs', path)), path).toBe(true);
  });

  it('has each term once, in alphabetical order', () => {
    const terms = rows.map(([term = '']) => term.toLowerCase());

    expect(terms).toEqual([...new Set(terms)].toSorted());
  });
});

it.each(pages)('%s names existing scripts', (page) => {
  const { scripts } = JSON.parse(textOf('package.json'));
  const named = [...textOf(page).matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name]) => name);

  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
});

it.each(pages)('%s names existing files', (page) => {
  const named = textOf(page).matchAll(
    /\b(?:cdk|dev|functions|shared|test)\/[\w./-]+\.(?:ts|mjs|py|md)\b/g,
  );

  expect([...named].map(([path]) => path).filter((path) => !existsSync(path))).toEqual([]);
});

it('keeps the README within 8,000 bytes', () => {
  expect(Buffer.byteLength(textOf('README.md'))).toBeLessThanOrEqual(8_000);
});

describe('the API guide', () => {
  it('names every route and no other', () => {
    const rows = textOf('docs/api.md').match(/^\| `(?:GET|POST) .+?` \|/gm) ?? [];
    const named = rows.flatMap((row) =>
      [...row.matchAll(/`(\w+ \/[^`]*)`/g)].map(([, route]) => route),
    );

    expect(named.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  });
});

describe('the operations guide', () => {
  it('shows a complete deployment to production', () => {
    const [command = ''] =
      /npm run deploy -- -c stage=production -c issuer[^`]+/.exec(textOf('docs/operations.md')) ??
      [];
    const given = [...command.matchAll(/-c (\w+)=(\S+)/g)].map(([, name, value = '']) => [
      name,
      value.replace('...', 'shop.example'),
    ]);

    expect(parseSettings(Object.fromEntries(given))).toMatchObject({ stage: 'production' });
  });
});

describe('the guide to local development', () => {
  const text = textOf('docs/local-development.md');

  it('lists each function with its samples', () => {
    const constructs = readdirSync('functions').map((folder) => `\`${pascalCase(folder)}\``);
    const samples = globSync('events/*.json').map((path) => `\`${basename(path, '.json')}\``);

    expect([...constructs, ...samples].filter((name) => !text.includes(name))).toEqual([]);
  });

  it('names the files that LocalStack excludes, wholly or in part', () => {
    const [, section] = /^## LocalStack\n(.+?)^## /ms.exec(text) ?? [];
    const excluded = textOf('dev/localstack-tests.ts').matchAll(/--exclude=([^']+)/g);
    const guarded = globSync('test/integration/**/*.test.ts').filter((path) =>
      textOf(path).includes('isDirectOnly'),
    );
    const leftOut = new Set([...[...excluded].map(([, path]) => path), ...guarded]);
    const named = section?.matchAll(/^- .+\]\(\.\.\/(test\/integration\/.+)\), because /gm) ?? [];

    expect(new Set([...named].map(([, path]) => path))).toEqual(leftOut);
  });
});
