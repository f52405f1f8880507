import { IdempotentParameterMismatchException } from '@aws-sdk/client-dynamodb';
import { areEqual } from './values.ts';

/** How long DynamoDB remembers the token of a transaction. */
const tokenMs = 10 * 60_000;

/** The ClientRequestTokens of the transactions of the last ten minutes. */
export class TransactionTokens {
  readonly #executed = new Map<string, { readonly until: number; readonly content: unknown }>();

  /**
   * Whether a transaction with this token and content was executed. Throws
   * IdempotentParameterMismatchException if it had other content.
   */
  has(token: string | undefined, content: unknown, now: number): boolean {
    const known = token === undefined ? undefined : this.#executed.get(token);
    if (known === undefined || known.until <= now) return false;
    if (areEqual(known.content, content)) return true;
    throw new IdempotentParameterMismatchException({
      message:
        'The request uses the same client token as a previous, but non-identical request. Do not reuse a ' +
        'client token with different requests, unless the requests are identical',
      $metadata: { httpStatusCode: 400 },
    });
  }

  add(token: string | undefined, content: unknown, now: number): void {
    // The oldest come first.
    for (const [old, { until }] of this.#executed) {
      if (until > now) break;
      this.#executed.delete(old);
    }
    if (token === undefined) return;
    this.#executed.delete(token);
    this.#executed.set(token, { until: now + tokenMs, content });
  }
}
