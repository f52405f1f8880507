import { errorClassOf } from './dynamodb-errors.ts';

/** Of the services beside DynamoDB. */
const throttlingErrors = new Set([
  'ThrottlingException',
  'ThrottledException',
  'Throttling',
  'TooManyRequestsException',
  'RequestThrottled',
  'RequestThrottledException',
]);

/** Whether an AWS client's error says "not now", or nothing at all: a conflict, a throttle, a fault of the service, a lost connection. */
export const isTransientError = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const errorClass = errorClassOf(error);
  if (errorClass === 'rejected' || errorClass === 'uncertain' || throttlingErrors.has(error.name))
    return true;
  if (isServerFault(error)) return true;
  if ('$fault' in error) return false;

  if (error.name === 'TimeoutError') return true;

  // ECONNRESET and its like. ERR_INVALID_ARG_TYPE and its like are defects of ours.
  return 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_');
};

/** A 5xx. One that a load balancer answers in HTML is an error of the parser, and only its metadata says what it was. */
const isServerFault = (error: Error): boolean => {
  const { $fault, $metadata } = error as Partial<ServiceError>;

  return $fault === 'server' || ($metadata?.httpStatusCode ?? 0) >= 500;
};

interface ServiceError {
  readonly $fault: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode?: number };
}
