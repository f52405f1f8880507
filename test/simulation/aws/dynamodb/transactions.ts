import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { validationException } from './exceptions.ts';
import { keyTextOf } from './table-schema.ts';
import type { Item } from './values.ts';
import {
  itemAfter,
  meetsCondition,
  type PreparedWrite,
  returnedOnFailure,
  type WriteKind,
  type WriteRequest,
} from './write-requests.ts';

type Members = NonNullable<TransactWriteCommandInput['TransactItems']>;

const maxWrites = 100;
const kinds = ['Put', 'Update', 'Delete', 'ConditionCheck'] as const;

/** The writes of a transaction. Throws a ValidationException for too many, or for two of one item. */
export const checkTransaction = (
  members: Members,
  prepare: (kind: WriteKind, request: WriteRequest) => PreparedWrite,
): readonly PreparedWrite[] => {
  if (members.length === 0 || members.length > maxWrites) {
    throw validationException(
      `Member must have length greater than or equal to 1 and less than or equal to ${maxWrites}`,
    );
  }
  const writes = members.map((member) => {
    const given = kinds.filter((kind) => member[kind] !== undefined);
    const [kind] = given;
    if (kind === undefined || given.length > 1) {
      throw validationException(
        'TransactItems can only contain one of Check, Put, Update or Delete',
      );
    }

    return prepare(kind, member[kind] as WriteRequest);
  });
  const targets = new Set(
    writes.map(
      ({ table, target }) => `${table.schema.name}\u0000${keyTextOf(table.schema, target)}`,
    ),
  );
  if (targets.size < writes.length) {
    throw validationException('Transaction request cannot include multiple operations on one item');
  }

  return writes;
};

export interface TransactionOutcome {
  /** Undefined if all conditions hold. */
  readonly cancelled: TransactionCanceledException | undefined;
  /** The item after each write. */
  readonly afters: readonly (Item | undefined)[];
}

/** Checks all conditions and computes all items, without a write. */
export const cancellation = (
  writes: readonly PreparedWrite[],
  attempts: number,
): TransactionOutcome => {
  const afters: (Item | undefined)[] = [];
  const reasons = writes.map((write): CancellationReason => {
    const before = write.table.find(write.target)?.item;
    if (!meetsCondition(write, before)) {
      return {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        ...returnedOnFailure(write, before),
      };
    }
    try {
      afters.push(itemAfter(write, before));

      return { Code: 'None' };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ValidationException') throw error;

      return { Code: 'ValidationError', Message: error.message };
    }
  });
  if (reasons.every(({ Code }) => Code === 'None')) return { cancelled: undefined, afters };
  const codes = reasons.map(({ Code }) => Code).join(', ');

  return {
    afters,
    cancelled: new TransactionCanceledException({
      message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      $metadata: { httpStatusCode: 400, attempts },
      CancellationReasons: reasons,
    }),
  };
};
