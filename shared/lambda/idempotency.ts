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
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
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

/** What is cached for a key: a value or a business refusal. An outage is thrown, and never kept. */
type CachedResult<T> = ({ readonly value: T } | { readonly refusal: Rejection }) & {
  readonly replayed: boolean;
};

export interface IdempotencyStore {
  readonly table: string;
  readonly dynamoDb: DynamoDBClient;
}

/** The table that IDEMPOTENCY_TABLE names. */
export const idempotencyFromEnv = ({
  environment,
  dynamoDb,
}: Pick<BasePlatform, 'environment' | 'dynamoDb'>): IdempotencyStore => ({
  table: requireEnv(environment, 'IDEMPOTENCY_TABLE').IDEMPOTENCY_TABLE,
  dynamoDb,
});

export type ResultStore =
  | IdempotencyStore
  /** The work keeps its answers itself, and of its refusals these; every other one is found anew by a request that comes again. */
  | { readonly keeps: readonly RejectionCode[] };

type IdempotencyOptions<I> = ResultStore & {
  /** Keeps the keys of one function apart from those of another. */
  readonly name: string;
  readonly keyOf: (input: I) => string;
  /** What must be the same whenever the key is the same. */
  readonly fingerprintOf?: (input: I) => string;
};

const secondsPerDay = 86_400;

/**
 * Runs `work` once for a key and gives its answer again for a day, refusals included unless they are temporary. Work that keeps its answers
 * itself is run again, and says so, unless this process has answered the key before.
 *
 * It is a cache of answers, nothing more: `work` must be safe to run twice, by a condition of its own.
 */
export const idempotent = <I, O>(
  { name, keyOf, fingerprintOf, ...resultStore }: IdempotencyOptions<I>,
  work: (input: I) => Promise<O>,
) => {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'key',
    ...(fingerprintOf && { payloadValidationJmesPath: 'fingerprint' }),
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: secondsPerDay,
    hashFunction: 'sha256',
    useLocalCache: 'keeps' in resultStore,
    responseHook: (cached) => ({ ...(cached as object), replayed: true }) as JSONValue,
  });
  const cachedWork = makeIdempotent(
    async (_record: CacheRecord, { input }: { readonly input: I }) =>
      toJson(await runAndCapture(() => work(input), storesRejection(resultStore))),
    { persistenceStore: persistenceLayerOf(resultStore), keyPrefix: name, config },
  );

  return async (input: I, context: Context): Promise<{ value: O; replayed: boolean }> => {
    config.registerLambdaContext(context);
    const record = {
      key: keyOf(input),
      ...(fingerprintOf && { fingerprint: fingerprintOf(input) }),
    };
    const result = await cachedWork(record, { input }).catch(toDomainError);
    if ('refusal' in result) throw new RejectionError(result.refusal, result);

    return result;
  };
};

const persistenceLayerOf = (resultStore: ResultStore) =>
  'table' in resultStore
    ? new DynamoDBPersistenceLayer({
        tableName: resultStore.table,
        awsSdkV3Client: resultStore.dynamoDb,
      })
    : new DomainBackedPersistenceLayer();

const storesRejection =
  (resultStore: ResultStore) =>
  ({ data }: RejectionError): boolean =>
    data.retryAfterSeconds === undefined &&
    ('table' in resultStore || resultStore.keeps.includes(data.code));

interface CacheRecord {
  readonly key: string;
  readonly fingerprint?: string;
}

const runAndCapture = async <O>(
  work: () => Promise<O>,
  isStored: (refusal: RejectionError) => boolean,
): Promise<CachedResult<O>> => {
  try {
    return { value: await work(), replayed: false };
  } catch (error) {
    if (error instanceof RejectionError && isStored(error))
      return { refusal: error.data, replayed: error.replayed };
    throw error;
  }
};

/** As JSON would have it. DynamoDB refuses a value with a part left out, and the work is done by then. */
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
    throw new ServiceUnavailableError('The record of answers could not be reached.', {
      cause: error,
    });
  }
  throw error;
};
