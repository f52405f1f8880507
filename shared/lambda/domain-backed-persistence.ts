import { IdempotencyItemNotFoundError } from '@aws-lambda-powertools/idempotency';
import {
  BasePersistenceLayer,
  type IdempotencyRecord,
} from '@aws-lambda-powertools/idempotency/persistence';

/**
 * Powertools' records where the work is its own: what it puts, only if absent, is at once the claim of a key and the answer to it. So
 * nothing is written beside it, before or after. What this process has answered Powertools itself remembers, in its local cache.
 */
export class DomainBackedPersistenceLayer extends BasePersistenceLayer {
  protected async _putRecord(_record: IdempotencyRecord): Promise<void> {}

  protected async _updateRecord(_record: IdempotencyRecord): Promise<void> {}

  protected async _deleteRecord(_record: IdempotencyRecord): Promise<void> {}

  /** Nobody asks: a put never finds a record. */
  protected async _getRecord(_key: string): Promise<IdempotencyRecord> {
    throw new IdempotencyItemNotFoundError('The work keeps its own records.');
  }
}
