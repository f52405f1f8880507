import type { Item } from './expressions.ts';

interface ReadPage {
  readonly Items?: Item[];
  readonly LastEvaluatedKey?: Item;
}

/**
 * Yields the items of a query or scan, one page after the other, until DynamoDB returns no LastEvaluatedKey
 * or after `maxPages` pages. A page is read only when it is consumed.
 */
export async function* paginate(
  readPage: (ExclusiveStartKey: Item | undefined) => Promise<ReadPage>,
  maxPages = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly Item[]> {
  let startKey: Item | undefined;
  for (let count = 1; count <= maxPages; count += 1) {
    const { Items = [], LastEvaluatedKey } = await readPage(startKey);
    yield Items;
    if (LastEvaluatedKey === undefined) return;
    startKey = LastEvaluatedKey;
  }
}

/** Reads every page and returns all items. */
export const readAll = async (pages: AsyncIterable<readonly Item[]>): Promise<Item[]> =>
  (await Array.fromAsync(pages)).flat();
