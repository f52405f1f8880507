import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';

/**
 * The class of a DynamoDB error:
 * - `rejected`: temporary, nothing was written; the call can be retried;
 * - `uncertain`: temporary, the call may have been executed; a retry may find its own write;
 * - `final`: a retry would fail again.
 */
export type ErrorClass = 'rejected' | 'uncertain' | 'final';

/**
 * Every documented error of GetItem, BatchGetItem, Query, Scan, PutItem, UpdateItem and TransactWriteItems.
 * The SDK itself retries only throttling, 5xx errors and TransactionInProgressException.
 */
export const dynamoErrors: Readonly<Record<string, ErrorClass>> = {
  TransactionConflictException: 'rejected',
  ReplicatedWriteConflictException: 'rejected',
  ThrottlingException: 'rejected',
  ProvisionedThroughputExceededException: 'rejected',
  RequestLimitExceeded: 'rejected',
  InternalServerError: 'uncertain',
  ServiceUnavailable: 'uncertain',
  TransactionInProgressException: 'uncertain',
  ConditionalCheckFailedException: 'final',
  IdempotentParameterMismatchException: 'final',
  InvalidEndpointException: 'final',
  ItemCollectionSizeLimitExceededException: 'final',
  ResourceNotFoundException: 'final',
  // Unless one of its cancellation reasons is temporary.
  TransactionCanceledException: 'final',
  ValidationException: 'final',
};

/** Every documented cancellation reason of a transaction. Nothing was written. */
export const cancellationCodes: Readonly<Record<string, Exclude<ErrorClass, 'uncertain'>>> = {
  None: 'final',
  ConditionalCheckFailed: 'final',
  ItemCollectionSizeLimitExceeded: 'final',
  ValidationError: 'final',
  TransactionConflict: 'rejected',
  ProvisionedThroughputExceeded: 'rejected',
  RequestLimitExceeded: 'rejected',
  ThrottlingError: 'rejected',
};

/** The class of a documented error; undefined for any other error, such as a lost connection. */
export const errorClassOf = (error: unknown): ErrorClass | undefined => {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof TransactionCanceledException) {
    const isRejected = (error.CancellationReasons ?? []).some(
      ({ Code = '' }) => cancellationCodes[Code] === 'rejected',
    );

    return isRejected ? 'rejected' : 'final';
  }

  return Object.hasOwn(dynamoErrors, error.name) ? dynamoErrors[error.name] : undefined;
};
