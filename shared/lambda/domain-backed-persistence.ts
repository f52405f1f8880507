import type { JSONValue } from '@aws-lambda-powertools/commons/types';
import {
  IdempotencyItemAlreadyExistsError,
  IdempotencyItemNotFoundError,
} from '@aws-lambda-powertools/idempotency';
import {
  BasePersistenceLayer,
  IdempotencyRecord,
} from '@aws-lambda-powertools/idempotency/persistence';

/**
 * Powertools persistence without records: the item that the work writes conditionally is both the claim of
 * the key and its result. Powertools' local cache can still remember the results of this process.
 */
export class DomainBackedPersistenceLayer extends BasePersistenceLayer {
  #readResult: (() => Promise<JSONValue>) | undefined;

  /** Called when the work's condition has failed: from now on the key is taken, and this reads its result. */
  answerFrom(readResult: () => Promise<JSONValue>): void {
    this.#readResult = readResult;
  }

  protected async _putRecord(_record: IdempotencyRecord): Promise<void> {
    if (this.#readResult) throw new IdempotencyItemAlreadyExistsError('The domain item exists.');
  }

  protected async _updateRecord(_record: IdempotencyRecord): Promise<void> {}

  protected async _deleteRecord(_record: IdempotencyRecord): Promise<void> {}

  /** Only called after a put found the key taken. */
  protected async _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    if (!this.#readResult) throw new IdempotencyItemNotFoundError('The key is not taken.');
    const responseData = await this.#readResult();

    return new IdempotencyRecord({ idempotencyKey, status: 'COMPLETED', responseData });
  }
}
