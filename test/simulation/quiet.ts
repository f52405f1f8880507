/**
 * The functions of a simulation log from level INFO on, and each run collects their lines: import this before them. The logger
 * of another build takes its level from here too.
 */
process.env = {
  // A plain object: Powertools reads variables all the time, each time from the operating system.
  ...process.env,
  POWERTOOLS_LOG_LEVEL: 'INFO',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_METRICS_NAMESPACE: 'aftercommit',
  POWERTOOLS_SERVICE_NAME: 'simulation',
  // The tests of the templates validate them.
  CDK_VALIDATION: 'false',
};

// Faults create errors by the thousand; their stacks take time.
Error.stackTraceLimit = 0;
