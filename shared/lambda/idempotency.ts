import type { JSONValue } from '@aws-lambda-powertools/commons/types';
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  IdempotencyInconsistentStateError,
  IdempotencyPersistenceLayerError,
  IdempotencyValidationError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import type { Context } from 'aws-lambda';
import { requireEnv } from '../config/env.ts';
import type { BasePlatform } from '../config/platform.ts';
import {
  idempotencyKeyReused,
  type Rejection,
  type RejectionCode,
  RejectionError,
  RequestInProgressError,
  ServiceUnavailableError,
} from '../domain/errors.ts';
import { DomainBackedPersistenceLayer } from './domain-backed-persistence.ts';

/** The cached result of a key: a value or a rejection. A ServiceUnavailableError is never cached. */
type CachedResult<T> = ({ readonly value: T } | { readonly rejection: Rejection }) & {
  readonly replayed: boolean;
};

export interface IdempotencyStore {
  /** Creates the persistence of one kind of work. A function that never calls it does not bundle it. */
  readonly createPersistence: () => BasePersistenceLayer;
}

/** The idempotency table of the variable IDEMPOTENCY_TABLE. */
export const idempotencyFromEnv = ({
  environment,
  dynamoDb: awsSdkV3Client,
}: Pick<BasePlatform, 'environment' | 'dynamoDb'>): IdempotencyStore => {
  const { IDEMPOTENCY_TABLE: tableName } = requireEnv(environment, 'IDEMPOTENCY_TABLE');

  return { createPersistence: () => new DynamoDBPersistenceLayer({ tableName, awsSdkV3Client }) };
};

export type ResultStore =
  | IdempotencyStore
  /**
   * The work stores its results itself, and rejections with these codes, or a second run has no other effect.
   * Other rejections are decided again on a retry.
   */
  | { readonly storedRejections: readonly RejectionCode[] };

type IdempotencyOptions<I> = ResultStore & {
  /** Function name: keys of different functions are independent. */
  readonly name: string;
  readonly keyOf: (input: I) => string;
  /** What must be equal for equal keys. */
  readonly fingerprintOf?: (input: I) => string;
};

const secondsPerDay = 86_400;

/**
 * Makes `work` idempotent: its result is cached for a day by key, rejections included unless they are
 * temporary. Work that stores its results itself runs again, unless this process has cached the key.
 *
 * Powertools reads `Date.now()` and takes no clock, so records expire by the time of the process.
 *
 * It is only a cache: `work` must be safe to run twice, by its own conditional writes.
 */
export const idempotent = <I, O>(
  { name, keyOf, fingerprintOf, ...resultStore }: IdempotencyOptions<I>,
  work: (input: I) => Promise<O>,
) => {
  const config = new IdempotencyConfig({
    // An expression takes longer than the rest of the key, so a key alone needs none.
    ...(fingerprintOf && { eventKeyJmesPath: 'key', payloadValidationJmesPath: 'fingerprint' }),
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: secondsPerDay,
    hashFunction: 'sha256',
    useLocalCache: 'storedRejections' in resultStore,
    responseHook: (cached) => ({ ...(cached as object), replayed: true }) as JSONValue,
  });
  const cachedWork = makeIdempotent(
    async (_record: CacheRecord | string, { input }: { readonly input: I }) =>
      toJson(await runAndCapture(() => work(input), storesRejection(resultStore))),
    { persistenceStore: persistenceLayerOf(resultStore), keyPrefix: name, config },
  );

  return async (input: I, context: Context): Promise<{ value: O; replayed: boolean }> => {
    config.registerLambdaContext(context);
    const key = keyOf(input);
    const record = fingerprintOf ? { key, fingerprint: fingerprintOf(input) } : key;
    const result = await cachedWork(record, { input }).catch(toDomainError);
    if ('rejection' in result) throw new RejectionError(result.rejection, result);

    return result;
  };
};

const persistenceLayerOf = (resultStore: ResultStore): BasePersistenceLayer =>
  'createPersistence' in resultStore
    ? resultStore.createPersistence()
    : new DomainBackedPersistenceLayer();

const storesRejection =
  (resultStore: ResultStore) =>
  ({ data }: RejectionError): boolean =>
    data.retryAfterSeconds === undefined &&
    ('createPersistence' in resultStore || resultStore.storedRejections.includes(data.code));

interface CacheRecord {
  readonly key: string;
  readonly fingerprint: string;
}

const runAndCapture = async <O>(
  work: () => Promise<O>,
  isStored: (rejection: RejectionError) => boolean,
): Promise<CachedResult<O>> => {
  try {
    return { value: await work(), replayed: false };
  } catch (error) {
    if (error instanceof RejectionError && isStored(error))
      return { rejection: error.data, replayed: error.replayed };
    throw error;
  }
};

/** Removes undefined members, which DynamoDB would reject after the work is done. */
const toJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const toDomainError = (error: unknown): never => {
  if (error instanceof IdempotencyValidationError) {
    throw idempotencyKeyReused();
  }
  if (error instanceof IdempotencyAlreadyInProgressError)
    throw new RequestInProgressError({ cause: error });
  if (
    error instanceof IdempotencyPersistenceLayerError ||
    error instanceof IdempotencyInconsistentStateError
  ) {
    throw new ServiceUnavailableError('The idempotency store is unavailable.', {
      cause: error,
    });
  }
  throw error;
};
