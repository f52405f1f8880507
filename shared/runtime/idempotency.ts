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
import type { Context } from 'aws-lambda';
import { keyReused, Outage, Refusal, type RefusalData } from '../domain/errors.ts';
import { dynamo } from './aws.ts';

/** What is cached for a key: a value or a business refusal. An outage is thrown, and never kept. */
type Kept<T> = ({ readonly value: T } | { readonly refusal: RefusalData }) & {
  readonly replayed: boolean;
};

interface Once<I> {
  readonly table: string;
  /** Keeps the keys of one function apart from those of another. */
  readonly name: string;
  readonly keyOf: (input: I) => string;
  /** What must be the same whenever the key is the same. */
  readonly fingerprintOf?: (input: I) => string;
}

const secondsPerDay = 86_400;

/**
 * Runs `work` once for a key and gives its answer again for a day, refusals included.
 *
 * It is a cache of answers, nothing more: `work` must be safe to run twice, by a condition of its own.
 */
export const once = <I, O>(
  { table, name, keyOf, fingerprintOf }: Once<I>,
  work: (input: I) => Promise<O>,
) => {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'key',
    ...(fingerprintOf && { payloadValidationJmesPath: 'fingerprint' }),
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: secondsPerDay,
    hashFunction: 'sha256',
    responseHook: (kept) => ({ ...(kept as object), replayed: true }) as JSONValue,
  });
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: table,
    awsSdkV3Client: dynamo,
  });

  return async (input: I, context: Context): Promise<{ value: O; replayed: boolean }> => {
    config.registerLambdaContext(context);
    const keep = makeIdempotent(
      async (_record: CacheRecord) => plain(await kept(() => work(input))),
      {
        persistenceStore,
        keyPrefix: name,
        config,
      },
    );
    const answer = await keep({
      key: keyOf(input),
      ...(fingerprintOf && { fingerprint: fingerprintOf(input) }),
    }).catch(translate);
    if ('refusal' in answer) throw new Refusal(answer.refusal, answer);

    return answer;
  };
};

interface CacheRecord {
  readonly key: string;
  readonly fingerprint?: string;
}

const kept = async <O>(work: () => Promise<O>): Promise<Kept<O>> => {
  try {
    return { value: await work(), replayed: false };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.data, replayed: error.replayed };
    throw error;
  }
};

/** As JSON would have it. DynamoDB refuses a value with a part left out, and the work is done by then. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const translate = (error: unknown): never => {
  if (error instanceof IdempotencyValidationError) {
    throw keyReused();
  }
  if (error instanceof IdempotencyAlreadyInProgressError) throw new InFlight({ cause: error });
  if (
    error instanceof IdempotencyPersistenceLayerError ||
    error instanceof IdempotencyInconsistentStateError
  ) {
    throw new Outage('The record of answers could not be reached.', { cause: error });
  }
  throw error;
};

/** The same request is being worked on by another invocation. */
export class InFlight extends Error {
  constructor(options?: ErrorOptions) {
    super('A request with this key is still under way.', options);
    this.name = 'InFlight';
  }
}
