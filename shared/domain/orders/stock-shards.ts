import type { OrderLine, Product } from './order.ts';

/** More shards would make the search for the last units slow: it reads all of them. */
export const maxStockShards = 500;

/** The most stock items of one payment: with the payment, its order and a review they fit into one transaction. */
export const maxStockParts = 90;

/** The keys of a product's other shards begin with it. */
export const shardKeyPrefix = (sku: string): string => `${sku}#`;

/** The key of a shard's item. The first shard is the product's own item. */
export const shardKeyOf = (sku: string, shard: number): string =>
  shard === 0 ? sku : `${shardKeyPrefix(sku)}${shard}`;

/** The counters of one stock item. */
export type StockCounts = Pick<Product, 'available' | 'reserved' | 'sold' | 'received'>;

/** A shard of a product's stock that is not the product's own item. */
export interface StockShard extends StockCounts {
  readonly sku: string;
  /** The product. */
  readonly shardOf: string;
}

/** The items of a new product, whose units are split evenly over its shards. */
export const splitStock = (
  product: Product,
  stockShards: number,
): readonly [Product, ...StockShard[]] => {
  const { sku, available } = product;
  const share = Math.floor(available / stockShards);
  const countsOf = (shard: number) => {
    const units = share + (shard < available % stockShards ? 1 : 0);

    return { available: units, reserved: 0, sold: 0, received: units };
  };
  if (stockShards === 1) return [product];
  const shards = Array.from({ length: stockShards - 1 }, (_, index) => index + 1);

  return [
    { ...product, ...countsOf(0), stockShards, stockShardsCreated: stockShards },
    ...shards.map((shard) => ({
      sku: shardKeyOf(sku, shard),
      shardOf: sku,
      ...countsOf(shard),
    })),
  ];
};

/** Units of one stock item, whose key is `sku`: a product without shards, or one shard. */
export interface StockPart extends OrderLine {
  /** Units that refunds have restocked. Absent until then. */
  readonly restocked?: number;
}

/** The units of a product that a payment reserves. */
export interface ReservedLine extends OrderLine {
  /** The shards that the units are taken from. Absent if the product has no shards. */
  readonly parts?: readonly StockPart[];
}

/** The stock items of a line, with the units of each. */
export const stockPartsOf = ({ sku, quantity, parts }: ReservedLine): readonly StockPart[] =>
  parts ?? [{ sku, quantity }];

/** The line of an order, whose product had `stockShards` shards when it was placed. */
interface ShardedLine extends OrderLine {
  readonly stockShards?: number;
}

/**
 * A shard for each line, by the payment's id: payments spread evenly, and a retry of one finds the same shard.
 * After each conflict, the next `attempt` takes the next shard.
 */
export const chooseShards = (
  paymentId: string,
  lines: readonly ShardedLine[],
  attempt: number,
): ReservedLine[] =>
  lines.map(({ sku, quantity, stockShards = 1 }) =>
    stockShards === 1
      ? { sku, quantity }
      : {
          sku,
          quantity,
          parts: [{ sku: shardKeyOf(sku, (hashOf(paymentId) + attempt) % stockShards), quantity }],
        },
  );

const hashOf = (text: string): number =>
  [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 0);

export interface ShardStock {
  /** The key of the shard's item. */
  readonly sku: string;
  readonly available: number;
}

/**
 * The shards that have the units together: one that has all of them if there is one, selected by the payment's id,
 * and otherwise as few as possible. Undefined if all together have too few.
 */
export const findParts = (
  paymentId: string,
  quantity: number,
  shards: readonly ShardStock[],
): readonly StockPart[] | undefined => {
  const sufficient = shards.filter(({ available }) => available >= quantity);
  const one = sufficient[hashOf(paymentId) % sufficient.length];
  if (one !== undefined) return [{ sku: one.sku, quantity }];
  const parts: StockPart[] = [];
  let missing = quantity;
  for (const { sku, available } of shards.toSorted((a, b) => b.available - a.available)) {
    const taken = Math.min(available, missing);
    if (taken > 0) parts.push({ sku, quantity: taken });
    missing -= taken;
  }

  return missing === 0 ? parts : undefined;
};

/** The units of a line that a refund restocks, on the shards that have sold them: first on the first one. */
export const partsToRestock = (line: ReservedLine, quantity: number): readonly StockPart[] => {
  let left = quantity;

  return stockPartsOf(line).flatMap((part) => {
    const units = Math.min(part.quantity - (part.restocked ?? 0), left);
    left -= units;

    return units > 0 ? [{ sku: part.sku, quantity: units }] : [];
  });
};

/** Remembers the restocked units of each shard. A line without shards stays as it is. */
export const withRestocked = (line: ReservedLine, quantity: number): ReservedLine => {
  if (line.parts === undefined || quantity === 0) return line;
  const restocked = new Map(
    partsToRestock(line, quantity).map((part) => [part.sku, part.quantity]),
  );

  return {
    ...line,
    parts: line.parts.map((part) => {
      const units = restocked.get(part.sku);

      return units === undefined ? part : { ...part, restocked: (part.restocked ?? 0) + units };
    }),
  };
};

/** An operator's command announces its moves again before this has passed. */
export const announcementMs = 5_000;

/** After this, no move of an announcement is in progress, and no read that saw it in part. */
const movingMs = 30_000;

/** Whether units may be between two shards of a product. */
export const isMoving = ({ stockMovedAt }: Pick<Product, 'stockMovedAt'>, at: Date): boolean =>
  stockMovedAt !== undefined && at.getTime() - Date.parse(stockMovedAt) < movingMs;

/** Units that move from one shard to another. */
export interface StockMove {
  readonly from: string;
  readonly to: string;
  readonly quantity: number;
}

/**
 * The moves after which the shards in use have as many units each as the others, to within one, and the removed
 * ones have none.
 */
export const planMoves = (
  shards: readonly ShardStock[],
  isUsed: (key: string) => boolean,
): readonly StockMove[] => {
  const used = shards.filter(({ sku }) => isUsed(sku));
  const total = shards.reduce((sum, { available }) => sum + available, 0);
  const share = Math.floor(total / used.length);
  const more = new Set(used.slice(0, total % used.length).map(({ sku }) => sku));
  const surplus = shards.map(({ sku, available }) => ({
    sku,
    units: available - (isUsed(sku) ? share + (more.has(sku) ? 1 : 0) : 0),
  }));
  const givers = surplus.filter(({ units }) => units > 0);
  const takers = surplus.filter(({ units }) => units < 0);
  const moves: StockMove[] = [];
  for (const taker of takers) {
    while (taker.units < 0) {
      const giver = givers.find(({ units }) => units > 0);
      if (giver === undefined) break;
      const quantity = Math.min(giver.units, -taker.units);
      giver.units -= quantity;
      taker.units += quantity;
      moves.push({ from: giver.sku, to: taker.sku, quantity });
    }
  }

  return moves;
};
