import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';

/**
 * What an error says of the call that it ended:
 * - `rejected`: temporary, and nothing was written; the same call may be sent again;
 * - `uncertain`: temporary, and the call may have been carried out; sent again, it may meet its own write;
 * - `final`: the same call would be refused again.
 */
export type ErrorClass = 'rejected' | 'uncertain' | 'final';

/**
 * Every error that DynamoDB documents for the calls that this service makes: GetItem, BatchGetItem, Query, Scan, PutItem, UpdateItem and
 * TransactWriteItems. The SDK sends a throttle, a 5xx and a transaction in progress again by itself, and no other of these.
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
  // Unless one of its reasons is temporary.
  TransactionCanceledException: 'final',
  ValidationException: 'final',
};

/** Every reason that DynamoDB documents for the cancellation of a transaction: nothing of it was written. */
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

/** The class of a documented error; undefined for any other, such as a lost connection. */
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
