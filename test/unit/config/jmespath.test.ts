import type { JSONObject } from '@aws-lambda-powertools/commons/types';
import { search as searchWithPowertools } from '@aws-lambda-powertools/jmespath';
import { describe, expect, it } from 'vitest';
import { search } from '../../../shared/config/jmespath.ts';

describe('JMESPath of a bundle', () => {
  it.each<JSONObject>([
    { key: 'a', fingerprint: 'b' },
    { key: '' },
    { key: 0, fingerprint: null },
    { key: { nested: true } },
    {},
  ])('reads the members of %j as Powertools does', (data) => {
    for (const name of ['key', 'fingerprint', 'other']) {
      expect(search(name, data)).toEqual(searchWithPowertools(name, data));
    }
  });

  it.each(['a text', null, 5, ['list']])('finds no member in %j, as Powertools', (data) => {
    expect(search('key', data)).toBeNull();
    expect(searchWithPowertools('key', data)).toBeNull();
  });

  it.each(['key.part', 'keys[0]', 'to_string(key)', '"key"', ''])(
    'refuses the expression %j, which it cannot evaluate',
    (expression) => {
      expect(() => search(expression, {})).toThrow(
        `The JMESPath "${expression}" is not the name of a member.`,
      );
    },
  );
});
