import { IdempotencyItemNotFoundError } from '@aws-lambda-powertools/idempotency';
import {
  BasePersistenceLayer,
  type IdempotencyRecord,
} from '@aws-lambda-powertools/idempotency/persistence';

/**
 * Powertools persistence without records: the item that the work writes conditionally is both the claim of
 * the key and its result. Powertools' local cache still remembers the results of this process.
 */
export class DomainBackedPersistenceLayer extends BasePersistenceLayer {
  protected async _putRecord(_record: IdempotencyRecord): Promise<void> {}

  protected async _updateRecord(_record: IdempotencyRecord): Promise<void> {}

  protected async _deleteRecord(_record: IdempotencyRecord): Promise<void> {}

  /** Never called: a put never finds a record. */
  protected async _getRecord(_key: string): Promise<IdempotencyRecord> {
    throw new IdempotencyItemNotFoundError('No idempotency record: the domain item is the record.');
  }
}
