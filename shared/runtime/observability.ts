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
}

/** Service name and level come from the POWERTOOLS_ variables that CDK sets. */
export const logger = new Logger({ logFormatter: new OutcomeFormatter() });
