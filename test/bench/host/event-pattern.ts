import type { Fields, Json } from '../../support/cdk/intrinsics.ts';

/** Whether an event has what a pattern of EventBridge asks for. Knows the kinds of patterns that this service writes, and throws on another. */
export const matchesPattern = (pattern: Fields, event: unknown): boolean =>
  Object.entries(pattern).every(([name, wanted]) => {
    const found = (event as Record<string, unknown> | undefined)?.[name];

    return Array.isArray(wanted)
      ? wanted.some((one: Json) => matchesValue(one, found))
      : matchesPattern(wanted as Fields, found);
  });

const matchesValue = (one: Json, found: unknown): boolean => {
  if (one === null || typeof one !== 'object') return found === one;
  const { exists, ...rest } = one as Fields;
  if (typeof exists !== 'boolean' || Object.keys(rest).length > 0) {
    throw new Error(`No pattern here knows ${JSON.stringify(one)}.`);
  }

  return (found !== undefined) === exists;
};
