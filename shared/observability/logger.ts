import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { currentScope } from './invocation-scope.ts';

/**
 * Formats log lines: level, message, timestamp, service and request id come first. A line with metrics has its
 * timestamp in the EMF header.
 */
class OutcomeFormatter extends LogFormatter {
  override formatAttributes(
    { logLevel, message, timestamp, serviceName }: UnformattedAttributes,
    known: LogAttributes,
  ): LogItem {
    const { service = serviceName, requestId } = currentScope();
    const attributes = {
      level: logLevel,
      message,
      ...(!('_aws' in known) && { timestamp: this.formatTimestamp(timestamp) }),
      service,
      ...(requestId && { requestId }),
      ...known,
    };

    return new LogItem({ attributes });
  }

  /**
   * Logs the name, message, stack and cause of an error. Other members are dropped: those of a cancelled
   * transaction contain stored items, and so the payment method.
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
      // Has the AWS request id.
      ...($metadata && { $metadata }),
    };
  }
}

/** Service name and level come from the POWERTOOLS_ variables that CDK sets. */
export const logger = new Logger({ logFormatter: new OutcomeFormatter() });

/**
 * Writes a log line or a metric, and never throws: the work is done and must not fail or be repeated because
 * of it. If the write fails, its error is logged instead.
 */
export const safely = (write: () => void): void => {
  try {
    write();
  } catch (error) {
    try {
      logger.error('log line or metric lost', error as Error);
    } catch {
      // The logger itself fails: there is no other output.
    }
  }
};
