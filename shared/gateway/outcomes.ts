import type { Exchange } from './exchange.ts';
import type { Ambiguous, Approved, ChargeReference, Mismatch, NotSent } from './payment-gateway.ts';

/** A capture as a gateway describes it: `amount` is the captured amount. */
type Capture = ChargeReference &
  Pick<Approved, 'refunded' | 'dispute'> & { transactionId: string; approvedAt: string };

export type HttpAnswered = Extract<Exchange, { kind: 'answered' }>;

/** A gateway authenticates before it does anything: a rejected credential has had no effect. */
const isCredentialRejection = ({ status }: HttpAnswered): boolean =>
  status === 401 || status === 403;

/**
 * Whether the response says anything about the request. A 429 or a rejection of our credentials counts as not
 * sent.
 */
export const isAnswered = (
  result: Exchange,
  isRejected = isCredentialRejection,
): result is HttpAnswered =>
  result.kind === 'answered' && result.status !== 429 && !isRejected(result);

export const outcomeWithoutAnswer = (result: Exchange): NotSent | Ambiguous => {
  if (result.kind === 'answered' && result.status === 429) {
    return { outcome: 'not-sent', reason: 'rate limited (429)' };
  }
  if (result.kind === 'answered') {
    const reason = `the gateway rejected our API key (${result.status})`;

    return { outcome: 'not-sent', reason, cause: 'credentials' };
  }

  return { outcome: result.kind === 'not-sent' ? 'not-sent' : 'ambiguous', reason: result.reason };
};

export const ambiguous = (reason: string): Ambiguous => ({ outcome: 'ambiguous', reason });

/** The gateway answered, but its answer does not prove whether anything was done. */
export const ambiguousStatus = (status: number, code?: string): Ambiguous =>
  ambiguous(`status ${status}, ${code ? `code ${code}` : 'no readable response'}`);

/** Compares a capture with the request: approved if reference, amount and currency are equal. */
export const approvedOrMismatch = (
  { transactionId, approvedAt, refunded, dispute, ...actual }: Capture,
  expected: ChargeReference,
): Approved | Mismatch => {
  const mismatches = differences(actual, expected);
  const amounts = {
    captured: actual.amount,
    ...(refunded !== undefined && { refunded }),
    ...(dispute !== undefined && { dispute }),
  };

  return mismatches.length === 0
    ? { outcome: 'approved', transactionId, approvedAt, ...amounts }
    : { outcome: 'mismatch', transactionId, differences: mismatches, ...amounts };
};

export const differences = (actual: ChargeReference, expected: ChargeReference): string[] =>
  (['reference', 'amount', 'currency'] as const)
    .filter((name) => actual[name] !== expected[name])
    .map((name) => `${name}: expected ${expected[name]}, got ${actual[name]}`);
