import { logger } from '../observability/logger.ts';
import { recordMetric } from '../observability/metrics.ts';
import type { Item } from './dynamodb/expressions.ts';
import { InvalidItemError } from './external-item-schemas.ts';

/**
 * Parses an item that another service has written; undefined where there is none.
 *
 * An item that is not valid is logged, counted by table and thrown as InvalidItemError: the operators see what the other service has to fix.
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

/** Why an item could not be used, if it is because it is not valid; undefined otherwise. Logged and counted as when it is read. */
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

/** Logs and counts an item that is not valid. */
const reportInvalidItem = ({ table, key, message: reason }: InvalidItemError): void => {
  recordMetric('InvalidItems', 1, { table });
  logger.error('external item invalid', { table, key, reason });
};
