import { logger } from '../observability/logger.ts';
import { recordMetric } from '../observability/metrics.ts';
import type { Item } from './dynamodb/expressions.ts';
import { storedItemSchemas } from './stored-item-schemas.ts';

type StoredTable = keyof typeof storedItemSchemas;

const keyAttributes = {
  payments: ['paymentId'],
  compensations: ['paymentId', 'target'],
  refunds: ['refundId'],
  orders: ['orderId'],
  reviews: ['reviewId'],
} as const satisfies Record<StoredTable, readonly string[]>;

/**
 * The items that are as their table promises, in their order. What is not is logged, counted by table and left out: one item never ends the
 * list, timeline or page that it is in.
 */
export const filterReadable = <T>(table: StoredTable, items: readonly (Item | T)[]): T[] =>
  items.filter((item): item is T => {
    const { error } = storedItemSchemas[table].safeParse(item);
    if (error) {
      const key = keyAttributes[table].map((name) => `${(item as Item)[name]}`).join('/');
      const reason = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      recordMetric('InvalidItems', 1, { table });
      logger.error('stored item unreadable', { table, key, reason });
    }

    return error === undefined;
  });
