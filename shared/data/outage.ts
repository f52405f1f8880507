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

  return error.name === 'TimeoutError' || ('code' in error && typeof error.code === 'string');
};
