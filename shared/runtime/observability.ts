import { Logger } from '@aws-lambda-powertools/logger';

/** Service name and level come from the POWERTOOLS_ variables that CDK sets. */
export const logger = new Logger();
