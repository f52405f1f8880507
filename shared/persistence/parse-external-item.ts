import { logger } from '../observability/logger.ts';
import { recordMetric } from '../observability/metrics.ts';
import type { Item } from './dynamodb/expressions.ts';
import { InvalidItemError } from './external-item-schemas.ts';

/**
 * Parses an item that another service has written; returns undefined if there is no item. Logs and counts an
 * invalid item, then throws InvalidItemError: operators see what the other service must fix.
 */
export const parseExternalItem = <T>(
  parse: (item: Item) => T,
  item: Item | undefined,
): T | undefined => {
  if (item === undefined) return undefined;
  try {
    return parse(item);
  } catch (error) {
    if (error instanceof InvalidItemError) reportInvalidItem(error);
    throw error;
  }
};

/**
 * Returns why an item is not valid, or undefined. An invalid item is logged and counted as by
 * `parseExternalItem`.
 */
export const findItemFault = <T>(
  parse: (item: Item) => T,
  item: Item | undefined,
): InvalidItemError | undefined => {
  try {
    parseExternalItem(parse, item);

    return undefined;
  } catch (error) {
    if (error instanceof InvalidItemError) return error;
    throw error;
  }
};

const reportInvalidItem = ({ table, key, message: reason }: InvalidItemError): void => {
  recordMetric('InvalidItems', 1, { table });
  logger.error('external item invalid', { table, key, reason });
};
