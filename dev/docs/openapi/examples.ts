import { type Example, fixtures } from '../../../shared/http/examples.ts';
import type { Operation } from '../../../shared/http/operation.ts';

/** The examples of an operation for one place, by name. One name in several places is one example. */
export const examplesOf = (
  { examples }: Operation,
  pick: (example: Example) => unknown,
  withFixture = false,
): object => {
  const found = Object.entries(examples).flatMap(([name, example]) => {
    const value = pick(example);
    if (value === undefined) return [];
    const { summary, fixture } = example;
    const description = withFixture && { description: `Given: ${fixtures[fixture]}` };

    return [[name, { summary, ...description, value }] as const];
  });

  return found.length > 0 ? { examples: Object.fromEntries(found) } : {};
};
