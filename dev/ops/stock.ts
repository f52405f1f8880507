import {
  createResizeStock,
  type ResizeResult,
  StockNotResizableError,
} from '../../shared/application/stock/resize-stock.ts';
import { ServiceUnavailableError } from '../../shared/domain/errors.ts';
import { shardKeyOf } from '../../shared/domain/orders/stock-shards.ts';
import { InvalidItemError } from '../../shared/persistence/external-item-schemas.ts';
import {
  createProductRepository,
  type ProductStock,
} from '../../shared/persistence/product-repository.ts';
import { createStockShardRepository } from '../../shared/persistence/stock-shard-repository.ts';
import { CliError } from '../cli/cli-error.ts';
import { alignColumns } from '../cli/columns.ts';
import { formatNumber } from '../cli/format-number.ts';
import { openDatabase } from './stage-database.ts';

/** Opens the products of the local stack, or of a stage with the AWS credentials of the environment. */
export const openStock = async (stage: string | undefined) => {
  const { db, tables } = await openDatabase(stage);

  return {
    db,
    products: createProductRepository(db, tables.products),
    shards: createStockShardRepository(tables.products),
  };
};

type Stock = Awaited<ReturnType<typeof openStock>>;

/** Shows the stock of a product; with `shards`, sets their number first. */
export const manageStock = async (
  stores: Stock,
  sku: string,
  shards: number | undefined,
): Promise<string> => {
  if (shards === undefined) {
    const stock = await stores.products.findStock(sku).catch(asCliError);
    if (stock === undefined) throw new CliError(`There is no product "${sku}".`);

    return formatStock(stock);
  }
  const result = await createResizeStock(stores)(sku, shards).catch(asCliError);

  return `${formatStock(result.stock)}\n${describeResize(result)}`;
};

const asCliError = (error: unknown): never => {
  const isExpected =
    error instanceof StockNotResizableError ||
    error instanceof InvalidItemError ||
    error instanceof ServiceUnavailableError;
  throw isExpected ? new CliError(error.message) : error;
};

const describeResize = ({ movedUnits, unitsOnRemoved }: ResizeResult): string =>
  unitsOnRemoved === 0
    ? `${movedUnits} units moved.`
    : `${movedUnits} units moved. ${unitsOnRemoved} units are on removed shards: accept sells what is available there last. Run the command again to move it.`;

const formatStock = ({ product, shards, invalid }: ProductStock): string => {
  const { sku: ofProduct, stockShards = 1 } = product;
  const used = new Set(
    Array.from({ length: stockShards }, (_, shard) => shardKeyOf(ofProduct, shard)),
  );
  const rows = shards.map(({ sku, available, reserved, sold, received }) => [
    used.has(sku) ? sku : `${sku} (removed)`,
    ...[available, reserved, sold, received].map(formatNumber),
  ]);

  return [
    alignColumns([['shard', 'available', 'reserved', 'sold', 'received'], ...rows], {
      numbersRight: true,
    }),
    ...invalid.map(({ message }) => message),
  ].join('\n');
};
