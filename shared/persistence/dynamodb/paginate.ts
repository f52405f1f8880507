import type { Item } from './expressions.ts';

interface ReadPage {
  readonly Items?: Item[];
  readonly LastEvaluatedKey?: Item;
}

/**
 * Yields the items of a query or scan, one page after the other, until DynamoDB returns no LastEvaluatedKey. A page is
 * read only when it is consumed.
 */
export async function* paginate(
  readPage: (ExclusiveStartKey: Item | undefined) => Promise<ReadPage>,
): AsyncGenerator<readonly Item[]> {
  let startKey: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await readPage(startKey);
    yield Items;
    startKey = LastEvaluatedKey;
  } while (startKey !== undefined);
}

/** Reads every page and returns all items. */
export const readAll = async (pages: AsyncIterable<readonly Item[]>): Promise<Item[]> =>
  (await Array.fromAsync(pages)).flat();
