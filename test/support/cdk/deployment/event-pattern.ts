import type { Fields, Json } from '../intrinsics.ts';

/**
 * Whether an event matches an EventBridge pattern. Throws on kinds of patterns that this service does not
 * use.
 */
export const matchesPattern = (pattern: Fields, event: unknown): boolean =>
  Object.entries(pattern).every(([name, wanted]) => {
    const found = (event as Record<string, unknown> | undefined)?.[name];

    return Array.isArray(wanted)
      ? wanted.some((one: Json) => matchesValue(one, found))
      : matchesPattern(wanted as Fields, found);
  });

const matchesValue = (one: Json, found: unknown): boolean => {
  if (one === null || typeof one !== 'object') return found === one;
  const { exists, 'anything-but': excluded, ...rest } = one as Fields;
  if (Object.keys(rest).length === 0) {
    if (typeof exists === 'boolean' && excluded === undefined)
      return (found !== undefined) === exists;
    if (Array.isArray(excluded) && exists === undefined)
      return found !== undefined && !excluded.includes(found as Json);
  }
  throw new Error(`Pattern ${JSON.stringify(one)} is not supported.`);
};
