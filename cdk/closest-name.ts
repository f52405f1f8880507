/** Levenshtein distance: the number of characters to insert, delete or replace. */
const levenshteinDistance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, character] of [...one].entries()) {
    const next = [at + 1];
    for (let index = 0; index < other.length; index += 1) {
      const substitutionCost = (row[index] ?? 0) + (character === other[index] ? 0 : 1);
      next.push(Math.min(substitutionCost, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }

  return row.at(-1) ?? 0;
};

/** The candidate with the smallest Levenshtein distance to `name`, ignoring case. */
export const findClosestName = (name: string, candidates: readonly string[]): string | undefined =>
  candidates
    .map((each) => ({
      each,
      distance: levenshteinDistance(name.toLowerCase(), each.toLowerCase()),
    }))
    .toSorted((a, b) => a.distance - b.distance)[0]?.each;
