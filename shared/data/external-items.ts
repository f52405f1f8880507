import { InvalidItemError } from '../domain/external-items.ts';
import { measure } from '../runtime/measure.ts';
import { logger } from '../runtime/observability.ts';
import type { Item } from './expression.ts';

/**
 * Parses an item that another service has written; undefined where there is none.
 *
 * An item that is not valid is logged, counted by table and thrown as InvalidItemError: the operators see what the other service has to fix.
 */
export const parseExternal = <T>(
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

/** Logs and counts an item that is not valid. */
export const reportInvalidItem = ({ table, key, message: reason }: InvalidItemError): void => {
  measure('InvalidItems', 1, { table });
  logger.error('external item invalid', { table, key, reason });
};
