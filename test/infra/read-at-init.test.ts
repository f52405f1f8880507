import { describe, expect, it } from 'vitest';
import { toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { grantedPermissions, grantsOf } from '../support/cdk/permissions.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const read = 'dynamodb:GetItem';

describe.each(Object.entries(contexts))('read at initialization (%s)', (_stage, context) => {
  const synthesis = synthesize(context);
  const everything = grantedPermissions(synthesis);
  const functions = synthesis.all('AWS::Lambda::Function').map(({ name, properties }) => ({
    name,
    words: toText(valueAt(properties, 'Environment.Variables.INIT_READ') ?? '')
      .split(' ')
      .filter(Boolean),
    variables: properties,
    readable: grantsOf(name, everything)
      .filter(({ action }) => action === read)
      .map(({ resource }) => resource),
  }));

  it('is of each function that may read a table, and of no other', () => {
    expect(functions.filter(({ words }) => words.length > 0).map(({ name }) => name)).toEqual(
      functions.filter(({ readable }) => readable.length > 0).map(({ name }) => name),
    );
    expect(functions.filter(({ words }) => words.length === 0)).not.toEqual([]);
  });

  it('is of a table that the function may read, by its key', () => {
    for (const { name, words, variables, readable } of functions) {
      const [variable, ...key] = words;
      if (variable === undefined) continue;
      const table = toText(valueAt(variables, `Environment.Variables.${variable}`) ?? '');
      const schema = toList(synthesis.named(table).properties.KeySchema);

      expect(readable, name).toContain(table);
      expect(key, name).toEqual(schema.map((one) => valueAt(one, 'AttributeName')));
    }
  });
});
