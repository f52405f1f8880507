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
 * Returns the items that match the schema of their table, in their order. Any other item is logged, counted
 * by table and left out, so that one unreadable item does not fail the whole list, timeline or page.
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
