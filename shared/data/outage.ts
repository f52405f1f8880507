const throttles = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
]);

/** Whether an AWS client's error says "not now", or nothing at all: a throttle, a fault of the service, a lost connection. */
export const isOutage = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (throttles.has(error.name)) return true;
  if ('$fault' in error) return error.$fault === 'server';

  if (error.name === 'TimeoutError') return true;

  // ECONNRESET and its like. ERR_INVALID_ARG_TYPE and its like are defects of ours.
  return 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_');
};
