import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visitStrings } from '../../../shared/http/json-strings.ts';

interface Seen {
  readonly names: Record<string, number>;
  readonly values: string[];
  readonly duplicates: string[];
  readonly pointers: string[];
}

const seenIn = (json: string): Seen => {
  const seen: Seen = { names: {}, values: [], duplicates: [], pointers: [] };
  visitStrings(json, ({ text, isName, isDuplicate, pointer }) => {
    if (!isName) seen.values.push(text);
    if (isDuplicate) seen.duplicates.push(pointer());
    seen.pointers.push(pointer());
  });

  return seen;
};

const stringsOf = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];

  return Object.values(value).flatMap(stringsOf);
};

describe('visit JSON strings', () => {
  it('visits what JSON.parse returns, without duplicates', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (json) => {
        const { values, duplicates } = seenIn(json);

        expect(values.toSorted()).toEqual(stringsOf(JSON.parse(json)).toSorted());
        expect(duplicates).toEqual([]);
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}', ['/a']],
    ['{"a":1,"\\u0061":2}', ['/a']],
    ['{"a":{"b":1,"b":1},"c":[{"d":1},{"d":1,"e":[],"d":2}]}', ['/a/b', '/c/1/d']],
    ['{"a":"a","b":"a"}', []],
    ['[{"a":1},{"a":1}]', []],
    ['{"a":{"a":{"a":1}}}', []],
    ['{"a":[1,2],"a":{}}', ['/a']],
    ['{"":1,"":2}', ['/']],
    ['{"a/b~c":1,"a/b~c":2}', ['/a~1b~0c']],
    ['{"__proto__":1,"__proto__":2,"constructor":3}', ['/__proto__']],
    ['{ "a" : "\\"}", "a" : "{\\\\" }', ['/a']],
    ['{"A":1,"a":2}', []],
    ['"a"', []],
  ])('marks a duplicate member: %s', (json, duplicates) => {
    expect(seenIn(json).duplicates).toEqual(duplicates);
  });

  it('gives the pointer of each string', () => {
    expect(seenIn('{"a":["x",{"b":"y"},"z"],"c":"w"}').pointers).toEqual([
      '/a',
      '/a/0',
      '/a/1/b',
      '/a/1/b',
      '/a/2',
      '/c',
      '/c',
    ]);
  });

  it('visits strings at any depth', () => {
    const deep = `${'['.repeat(30_000)}"x"${']'.repeat(30_000)}`;

    expect(seenIn(deep).values).toEqual(['x']);
  });
});
