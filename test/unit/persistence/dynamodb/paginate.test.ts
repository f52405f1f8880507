import { describe, expect, it } from 'vitest';
import { paginate, readAll } from '../../../../shared/persistence/dynamodb/paginate.ts';

type Page = Awaited<ReturnType<Parameters<typeof paginate>[0]>>;

/** Serves the pages in order and records the start key of each read. */
const createReader = (pages: readonly Page[]) => {
  const startKeys: unknown[] = [];
  const readPage = async (startKey: unknown): Promise<Page> => {
    startKeys.push(startKey);

    return pages[startKeys.length - 1] ?? {};
  };

  return { readPage, startKeys };
};

const itemOf = (id: string) => ({ id });
const pageOf = (id: string) => ({ Items: [itemOf(id)], LastEvaluatedKey: itemOf(id) });

describe('paginate', () => {
  it('starts each page after the last key of the page before', async () => {
    const { readPage, startKeys } = createReader([pageOf('a'), pageOf('b'), { Items: [] }]);

    await expect(readAll(paginate(readPage))).resolves.toEqual([itemOf('a'), itemOf('b')]);
    expect(startKeys).toEqual([undefined, itemOf('a'), itemOf('b')]);
  });

  it('goes on after an empty page that has a last key', async () => {
    const empty = { Items: [], LastEvaluatedKey: itemOf('a') };
    const { readPage } = createReader([empty, { Items: [itemOf('b')] }]);

    await expect(readAll(paginate(readPage))).resolves.toEqual([itemOf('b')]);
  });

  it('yields one empty page for a response without items', async () => {
    const { readPage } = createReader([{}]);

    await expect(Array.fromAsync(paginate(readPage))).resolves.toEqual([[]]);
  });

  it('reads no further page when the consumer stops', async () => {
    const { readPage, startKeys } = createReader([pageOf('a'), pageOf('b')]);
    for await (const items of paginate(readPage)) {
      expect(items).toEqual([itemOf('a')]);
      break;
    }

    expect(startKeys).toHaveLength(1);
  });

  it('throws the error of a read', async () => {
    const pages = paginate(async () => {
      throw new Error('throttled');
    });

    await expect(readAll(pages)).rejects.toThrow('throttled');
  });
});
