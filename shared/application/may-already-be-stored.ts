import { isTransientError } from '../config/transient-errors.ts';
import { RejectionError, ServiceUnavailableError } from '../domain/errors.ts';

/**
 * Whether an earlier request with the same key may have stored its item, so that the item must be read before
 * this error is returned: this request was rejected because of that item, or a write succeeded and only its
 * response was lost.
 */
export const mayAlreadyBeStored = (error: unknown): boolean =>
  error instanceof RejectionError ||
  error instanceof ServiceUnavailableError ||
  isTransientError(error);
