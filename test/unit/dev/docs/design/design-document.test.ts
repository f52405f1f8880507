import { describe, expect, it } from 'vitest';
import { comparisonTable } from '../../../../../dev/docs/design/comparison.ts';
import { dependencies } from '../../../../../dev/docs/design/dependencies.ts';
import { excerptOf } from '../../../../../dev/docs/design/excerpt.ts';
import { goalTable } from '../../../../../dev/docs/design/goals.ts';
import { designDocument, placeholder, template } from '../../../../../dev/docs/design/page.ts';
import type { BenchResults } from '../../../../../dev/docs/design/results.ts';
import { sampleBenchResults } from './bench-results.ts';

/** The figures of the brief that the document quotes. Other figures must be placeholders. */
const briefFigures = new Set([
  ...['5, 20 and 25 ms', '50 ms', '5,000 ms', '10 ms', '1 ms'],
  ...['20 ms', '15 ms', '25 ms', '3,000 ms', '500 ms', '3,580 ms'],
  ...['8,000 ms', '12,000 ms', '5,500 ms', '150 ms', '100 ms', '71 ms'],
  ...['5 s', '3 s', '30 s', '5.2 s', '10 s'],
  ...['40 TPS', '10 TPS', '2.85 TPS', '140.8 TPS', '1,000+ TPS'],
  ...['30 %', '3.2 %', '95 %', '0.1 %'],
]);

const withUnit =
  /\d[\d,.+]*(?:, \d+ and \d+)? ?(?:ms|s|TPS|%|KB|MB|GB|bytes|minutes|times|\/s)\b|\d[\d,.]* ?%|\$\d\S*/g;

describe('design document template', () => {
  const prose = template()
    .replaceAll(placeholder, '')
    // Links and file names.
    .replaceAll(/\]\([^)]*\)/g, ']');

  it('has no literal figures except those of the brief', () => {
    const figures = [...prose.matchAll(withUnit)].map(([figure]) => figure);

    expect(figures.filter((figure) => !briefFigures.has(figure))).toEqual([]);
    expect(new Set(figures)).toEqual(briefFigures);
  });
});

describe('design document', () => {
  it('replaces every placeholder', () => {
    const page = designDocument(sampleBenchResults());

    expect(page).not.toMatch(/\{\{|NaN|Infinity|undefined ms/);
    expect(page).toContain('| 1,000 | 70.0 |');
    expect(page).toContain('TransactWriteItems Payments, Orders (2.25 ms)');
  });

  it('changes with the measured results', () => {
    const usual = designDocument(sampleBenchResults());

    expect(designDocument(sampleBenchResults({ after: 400 }))).not.toBe(usual);
    expect(designDocument(sampleBenchResults({ p99: 51 }))).not.toBe(usual);
  });

  it('says for each goal whether it is met', () => {
    const rowsOf = (results = sampleBenchResults()) => comparisonTable(results).split('\n');
    const [met, missed] = [rowsOf(), rowsOf(sampleBenchResults({ after: 300, p99: 101 }))];

    expect(met.find((row) => row.includes('1,000 users'))).toMatch(/yes \|$/);
    expect(met.find((row) => row.includes('p95'))).toMatch(/yes \|$/);
    // The sample's checkout uses ten of eleven parts of the processor time.
    expect(met.find((row) => row.includes('50 users, on the'))).toMatch(/77.0 times \| yes \|$/);
    expect(missed.find((row) => row.includes('answered, 50 users'))).toMatch(/\*\*no\*\* \|$/);
    expect(missed.find((row) => row.includes('p95'))).toMatch(/\*\*no\*\* \|$/);
  });

  it('says for each goal of cost and contention whether it is met', () => {
    const rowOf = (results: BenchResults, what: string) =>
      goalTable(results)
        .split('\n')
        .find((row) => row.includes(what));
    const missed = sampleBenchResults({ accepted: 0.98, logBytes: 1_501 });

    expect(rowOf(sampleBenchResults(), 'logs of a payment')).toMatch(/400 bytes \| yes \|$/);
    expect(rowOf(missed, 'logs of a payment')).toMatch(/1,501 bytes \| \*\*no\*\* \|$/);
    // The best number of shards counts.
    expect(rowOf(sampleBenchResults(), '100 shards (model): p99')).toMatch(/90.0 ms \| yes \|$/);
    expect(rowOf(missed, 'accepted')).toMatch(/at least 99.0 % \| 98.0 % \| \*\*no\*\* \|$/);
    // The sample's first accept needs 40 ms.
    expect(rowOf(sampleBenchResults(), 'first accept')).toMatch(/40.0 ms \| \*\*no\*\* \|$/);
    // Two functions with twelve units each.
    expect(rowOf(sampleBenchResults(), 'write units of an approved')).toMatch(/24 \| yes \|$/);
  });

  it('counts the dependencies of each form in its code', () => {
    expect(dependencies()).toEqual({
      synchronous: ['orders', 'payments', 'balances', 'products', 'coupons', 'rankings', 'PG'],
      'one-transaction': [
        ...['orders', 'payments', 'balances', 'products', 'coupons', 'rankings'],
        ...['data platform', 'notifications'],
      ],
      after: ['orders', 'payments', 'balances', 'products'],
    });
  });
});

describe('code excerpt', () => {
  const source = [
    'const other = 1;',
    '',
    'const sum = (',
    '  numbers: readonly number[],',
    '): number => {',
    '  const total = {',
    '    of: numbers,',
    '  };',
    '',
    '  return total.of.length;',
    '};',
    '',
    'export const later =',
    '  (first: number) =>',
    '  () => {',
    '    return first;',
    '  };',
    '',
    '/** Of the next statement. */',
    'export const another = 2;',
    '',
    '  one: 1,',
    '  two: {',
    '    three: 3,',
    '  },',
  ].join('\n');

  it('ends at the line with the closing bracket', () => {
    expect(excerptOf(source, 'const sum')).toBe(source.split('\n').slice(2, 11).join('\n'));
  });

  it('includes nested brackets', () => {
    expect(excerptOf(source, 'export const later')).toBe(
      source.split('\n').slice(12, 17).join('\n'),
    );
  });

  it('has no leading indentation', () => {
    expect(excerptOf(source, 'two')).toBe('two: {\n  three: 3,\n},');
    expect(excerptOf(source, 'one')).toBe('one: 1,');
  });

  it('throws if no line begins with the text', () => {
    expect(() => excerptOf(source, 'const product')).toThrow('No line begins with "const product"');
  });
});
