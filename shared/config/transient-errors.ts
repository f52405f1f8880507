import { errorClassOf } from './dynamodb-errors.ts';

/** Throttling errors of other AWS services than DynamoDB. */
const throttlingErrors = new Set([
  'ThrottlingException',
  'ThrottledException',
  'Throttled',
  'Throttling',
  'TooManyRequestsException',
  'RequestThrottled',
  'RequestThrottledException',
]);

/** Whether a service rejects a request, or an entry of it, because of the rate. */
export const isThrottlingCode = (code: string): boolean => throttlingErrors.has(code);

/**
 * Whether an error of an AWS client is temporary: a conflict, throttling, a 5xx, a timeout or a lost
 * connection.
 */
export const isTransientError = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const errorClass = errorClassOf(error);
  if (errorClass === 'rejected' || errorClass === 'uncertain' || isThrottlingCode(error.name))
    return true;
  if (isServerFault(error)) return true;
  if ('$fault' in error) return false;

  if (error.name === 'TimeoutError') return true;

  // Network errors such as ECONNRESET. Codes such as ERR_INVALID_ARG_TYPE are programming errors.
  return 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_');
};

/**
 * Whether the error is a 5xx. An HTML response of a load balancer is a parser error; only its metadata has
 * the status.
 */
const isServerFault = (error: Error): boolean => {
  const { $fault, $metadata } = error as Partial<ServiceError>;

  return $fault === 'server' || ($metadata?.httpStatusCode ?? 0) >= 500;
};

interface ServiceError {
  readonly $fault: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode?: number };
}
