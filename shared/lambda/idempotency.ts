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
import { dynamo } from '../config/aws-clients.ts';
import {
  keyReused,
  Outage,
  Refusal,
  type RefusalCode,
  type RefusalData,
} from '../domain/errors.ts';
import { KeptByWork } from './domain-backed-persistence.ts';

/** What is cached for a key: a value or a business refusal. An outage is thrown, and never kept. */
type Kept<T> = ({ readonly value: T } | { readonly refusal: RefusalData }) & {
  readonly replayed: boolean;
};

type Records =
  | { readonly table: string }
  /** The work keeps its answers itself, and of its refusals these; every other one is found anew by a request that comes again. */
  | { readonly keeps: readonly RefusalCode[] };

type Once<I> = Records & {
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
export const once = <I, O>(
  { name, keyOf, fingerprintOf, ...records }: Once<I>,
  work: (input: I) => Promise<O>,
) => {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'key',
    ...(fingerprintOf && { payloadValidationJmesPath: 'fingerprint' }),
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: secondsPerDay,
    hashFunction: 'sha256',
    useLocalCache: 'keeps' in records,
    responseHook: (kept) => ({ ...(kept as object), replayed: true }) as JSONValue,
  });
  const keep = makeIdempotent(
    async (_record: CacheRecord, { input }: { readonly input: I }) =>
      plain(await kept(() => work(input), isKeptBy(records))),
    { persistenceStore: storeOf(records), keyPrefix: name, config },
  );

  return async (input: I, context: Context): Promise<{ value: O; replayed: boolean }> => {
    config.registerLambdaContext(context);
    const record = {
      key: keyOf(input),
      ...(fingerprintOf && { fingerprint: fingerprintOf(input) }),
    };
    const answer = await keep(record, { input }).catch(translate);
    if ('refusal' in answer) throw new Refusal(answer.refusal, answer);

    return answer;
  };
};

const storeOf = (records: Records) =>
  'table' in records
    ? new DynamoDBPersistenceLayer({ tableName: records.table, awsSdkV3Client: dynamo })
    : new KeptByWork();

const isKeptBy =
  (records: Records) =>
  ({ data }: Refusal): boolean =>
    data.retryAfterSeconds === undefined &&
    ('table' in records || records.keeps.includes(data.code));

interface CacheRecord {
  readonly key: string;
  readonly fingerprint?: string;
}

const kept = async <O>(
  work: () => Promise<O>,
  isKept: (refusal: Refusal) => boolean,
): Promise<Kept<O>> => {
  try {
    return { value: await work(), replayed: false };
  } catch (error) {
    if (error instanceof Refusal && isKept(error))
      return { refusal: error.data, replayed: error.replayed };
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
