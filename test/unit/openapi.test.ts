import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { describedRoutes } from '../../dev/docs/openapi/operations.ts';
import { openapi } from '../../dev/docs/openapi.ts';

const named = describedRoutes.map(
  (described) => [`${described.route.method} ${described.route.path}`, described] as const,
);

describe("the API's description", () => {
  it('passes the linter without an error or a warning', async () => {
    const config = await createConfig({ extends: ['recommended'] });

    const found = await lintFromString({ source: JSON.stringify(openapi()), config });

    expect(
      found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
    ).toEqual([]);
  });

  it.each(named)('has an example of each success of %s', (_name, { operation }) => {
    const shown = Object.values(operation.examples).map(({ answer }) => String(answer.status));

    expect(shown).toEqual(expect.arrayContaining(Object.keys(operation.answers)));
  });
});
