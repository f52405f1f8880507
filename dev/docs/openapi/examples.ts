import { type Example, fixtures } from '../../../shared/http/examples.ts';
import type { Operation } from '../../../shared/http/operation.ts';

/** What the examples of an operation say at one place, by their names: one name at several places is one example. */
export const examplesOf = (
  { examples }: Operation,
  pick: (example: Example) => unknown,
  withGiven = false,
): object => {
  const found = Object.entries(examples).flatMap(([name, example]) => {
    const value = pick(example);
    if (value === undefined) return [];
    const { summary, fixture: given } = example;
    const description = withGiven && { description: `Before it: ${fixtures[given]}` };

    return [[name, { summary, ...description, value }] as const];
  });

  return found.length > 0 ? { examples: Object.fromEntries(found) } : {};
};
