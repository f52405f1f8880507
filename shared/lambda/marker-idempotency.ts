import type { JSONValue } from '@aws-lambda-powertools/commons/types';
import {
  IdempotencyConfig,
  IdempotencyInconsistentStateError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import type { Context } from 'aws-lambda';
import { DomainBackedPersistenceLayer } from './domain-backed-persistence.ts';

interface MarkedWorkOptions<I, O> {
  /** Function name: keys of different functions are independent. */
  readonly name: string;
  readonly keyOf: (input: I) => string;
  /** Whether the condition of the work's write has failed: an earlier run may have written the marker. */
  readonly hasFailedCondition: (result: O, input: I) => boolean;
  /** Reads the marker. Returns the result of the run that wrote it, or undefined if there is none. */
  readonly findResult: (input: I) => Promise<O | undefined>;
}

/**
 * Makes `work` idempotent by the marker that it writes together with its effect, in one conditional write. The
 * marker is the idempotency record: nothing is read or written in addition, unless the condition fails. Then the
 * marker is read, and a duplicate is answered with the result of the first run. Without a marker the condition
 * failed for another reason, and the work's own result stands.
 *
 * Two copies at the same time both run: the condition lets one of them have its effect.
 */
export const idempotentByMarker = <I, O>(
  { name, keyOf, hasFailedCondition, findResult }: MarkedWorkOptions<I, O>,
  work: (input: I) => Promise<O>,
) => {
  const config = new IdempotencyConfig({ throwOnNoIdempotencyKey: true, hashFunction: 'sha256' });

  return (input: I, context: Context): Promise<{ value: O; replayed: boolean }> => {
    config.registerLambdaContext(context);
    const persistenceStore = new DomainBackedPersistenceLayer();
    const run = async (_key: string) => {
      const value = await work(input);
      if (!hasFailedCondition(value, input)) return { value, replayed: false };
      persistenceStore.answerFrom(async () => {
        const found = await findResult(input);
        const isFound = found !== undefined;

        return { value: isFound ? found : value, replayed: isFound } as JSONValue;
      });
      // After this error Powertools looks for the record again, and now it finds the key taken.
      throw new IdempotencyInconsistentStateError('The condition of the work failed.');
    };

    return makeIdempotent(run, { persistenceStore, keyPrefix: name, config })(keyOf(input));
  };
};
