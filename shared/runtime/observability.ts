import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

/** Service name, level and namespace come from the POWERTOOLS_ variables that CDK sets. */
export const logger = new Logger();

export const metrics = new Metrics();
