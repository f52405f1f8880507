import {
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Database, Runtime } from '../../../shared/config/platform.ts';
import { createDatabase } from '../../../shared/config/system-runtime.ts';
import type { MemoryDynamo } from '../../support/fakes/memory-dynamo.ts';

export interface ConflictTimes {
  /** From prepare to commit: how long a transaction holds its items. */
  readonly holdMs: number;
  /** A request that holds nothing. */
  readonly requestMs: number;
  /** To DynamoDB and back, without its work. */
  readonly networkMs: number;
}

type Member = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const keyTextOf = ({ TableName, Key }: { readonly TableName?: string; readonly Key?: object }) =>
  `${TableName} ${JSON.stringify(Key)}`;

/** A put creates an item that no other transaction writes, so it never conflicts. */
const targetOf = ({ Update, ConditionCheck }: Member): string | undefined => {
  const target = Update ?? ConditionCheck;

  return target && keyTextOf(target);
};

/**
 * DynamoDB that refuses conflicts as the real one does: a transaction holds its items from prepare to commit,
 * and any other write of a held item is refused at once and never queued. No local database does that.
 * Everything waits in the time of the given runtime.
 */
export const createConflictingDynamo = (
  tables: MemoryDynamo,
  runtime: Runtime,
  { holdMs, requestMs, networkMs }: ConflictTimes,
) => {
  const { clock, sleep } = runtime;
  const heldUntil = new Map<string, number>();
  const isHeld = (target: string | undefined) =>
    target !== undefined && (heldUntil.get(target) ?? 0) > clock.now().getTime();
  const counts = { transactions: 0, conflicts: 0 };

  const transact = async (command: TransactWriteCommand) => {
    const { TransactItems = [] } = command.input;
    counts.transactions += 1;
    await sleep(networkMs / 2);
    const targets = TransactItems.map(targetOf);
    const conflicting = targets.map(isHeld);
    if (conflicting.includes(true)) {
      counts.conflicts += 1;
      // A refused transaction is answered as late as a committed one.
      await sleep(holdMs + networkMs / 2);
      throw new TransactionCanceledException({
        message: 'Transaction cancelled',
        $metadata: { httpStatusCode: 400, attempts: 1 },
        CancellationReasons: conflicting.map((isConflict) => ({
          Code: isConflict ? 'TransactionConflict' : 'None',
        })),
      });
    }
    const outcome = await tables.send(command).then(
      (output) => () => output,
      (error) => () => {
        throw error;
      },
    );
    const until = clock.now().getTime() + holdMs;
    for (const target of targets) if (target !== undefined) heldUntil.set(target, until);
    await sleep(holdMs + networkMs / 2);

    return outcome();
  };

  const send = async (command: unknown) => {
    if (command instanceof TransactWriteCommand) return transact(command);
    await sleep(requestMs - networkMs / 2);
    if (command instanceof UpdateCommand && isHeld(keyTextOf(command.input)))
      throw new TransactionConflictException({ message: 'Conflict', $metadata: {} });
    const output = await tables.send(command);
    await sleep(networkMs / 2);

    return output;
  };
  const db: Database = createDatabase({ send } as unknown as DynamoDBDocumentClient, runtime);

  return { db, counts };
};
