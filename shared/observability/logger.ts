import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';

/**
 * What every line says: how grave it is, what happened, when, and in which function; what else it knows follows. A line that carries
 * metrics has its time in their header, and says it there alone.
 */
class OutcomeFormatter extends LogFormatter {
  override formatAttributes(
    { logLevel, message, timestamp, serviceName }: UnformattedAttributes,
    known: LogAttributes,
  ): LogItem {
    const attributes = {
      level: logLevel,
      message,
      ...(!('_aws' in known) && { timestamp: this.formatTimestamp(timestamp) }),
      service: serviceName,
      ...known,
    };

    return new LogItem({ attributes });
  }

  /**
   * An error is told by what it is called, says and follows from. What else hangs on it stays out, for of a transaction that was cancelled
   * that is the stored items, and with them how a payment is paid.
   */
  override formatError(error: Error): LogAttributes {
    const { name, message, location, stack, cause } = super.formatError(error);
    const { code, $metadata } = error as NodeJS.ErrnoException & { readonly $metadata?: object };

    return {
      name,
      message,
      location,
      stack,
      ...(error.cause instanceof Error && { cause }),
      ...(code && { code }),
      // By which AWS finds the request.
      ...($metadata && { $metadata }),
    };
  }
}

/** Service name and level come from the POWERTOOLS_ variables that CDK sets. */
export const logger = new Logger({ logFormatter: new OutcomeFormatter() });

/**
 * Writes a log line or a metric. The work that it tells of is done, and must neither fail nor be done again because it cannot be told: what
 * cannot be written is lost, and its error logged instead.
 */
export const safely = (write: () => void): void => {
  try {
    write();
  } catch (error) {
    try {
      logger.error('log line or metric lost', error as Error);
    } catch {
      // Where nothing can be written at all, there is nothing left to say.
    }
  }
};
