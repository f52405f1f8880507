/** The functions of a simulation log nothing unless a run collects their lines: import this before them. */
process.env = {
  // A plain object: Powertools reads variables all the time, each time from the operating system.
  ...process.env,
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_METRICS_NAMESPACE: 'aftercommit',
  POWERTOOLS_SERVICE_NAME: 'simulation',
};

// Faults create errors by the thousand; their stacks take time.
Error.stackTraceLimit = 0;
