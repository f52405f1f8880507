import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checks } from '../../../simulation/checks/all-checks.ts';
import { cleanRun, compensated, failing, items, paidVersions } from './clean-run.ts';
import { problemsAtEnd, problemsOfWrite, writeOf } from './run-builder.ts';

describe('the checks of the simulation', () => {
  it.each(checks)('find nothing in a clean run: $name', async (check) => {
    expect(await problemsAtEnd(check, cleanRun)).toBe('');
  });

  it.each(checks)('find nothing in the writes of a clean run: $name', (check) => {
    const versions = [...paidVersions];
    const writes = [
      ...versions.map((after, index) =>
        writeOf('Payments', versions[index - 1], after, after.history.at(-1)?.by),
      ),
      writeOf('Payments', failing, compensated, 'finish-compensation'),
      ...['Balances', 'Products', 'Coupons', 'Compensations'].flatMap((table) =>
        (items[table as keyof typeof items] as readonly object[]).map((item) =>
          writeOf(table, undefined, item),
        ),
      ),
    ];

    expect(writes.map((write) => problemsOfWrite(check, write)).join('')).toBe('');
  });

  it('have unique names in kebab-case', () => {
    const names = checks.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+(?:-[a-z]+)*$/.test(name))).toEqual([]);
  });

  it('state their property in one sentence', () => {
    const sentence = /^[A-Z][^.]*\.$/;

    expect(checks.map(({ property }) => property).filter((text) => !sentence.test(text))).toEqual(
      [],
    );
  });

  it('look at writes or at the end of a run', () => {
    expect(checks.filter(({ onWrite, atEnd }) => !onWrite && !atEnd)).toEqual([]);
  });

  it('guard each invariant of the architecture', () => {
    const page = readFileSync('docs/architecture.md', 'utf8').split('\n## ');
    const section = page.find((part) => part.startsWith('Invariants')) ?? '';
    const numbers = [...section.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
    const guarded = new Set(checks.flatMap(({ invariants }) => invariants));

    expect(numbers.length).toBeGreaterThan(0);
    expect([...guarded].toSorted((a, b) => a - b)).toEqual(numbers);
  });
});
