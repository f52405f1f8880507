import type { Exchange } from './http-exchange.ts';
import type { Ambiguous, Approved, ChargeReference, Mismatch, NotSent } from './payment-gateway.ts';

/** A capture as a gateway describes it: `amount` is what was captured. */
type Capture = ChargeReference &
  Pick<Approved, 'refunded'> & { transactionId: string; approvedAt: string };

/** What every adapter makes of an exchange before it looks at what its own PG said. */
export type HttpAnswered = Extract<Exchange, { kind: 'answered' }>;

/** Authentication comes before anything that a gateway does: what fails there has had no effect. */
export const isCredentialRejection = ({ status }: HttpAnswered): boolean =>
  status === 401 || status === 403;

/** A 429 or a refusal of our credentials says that the request was not taken, which is as good as never having sent it. */
export const isAnswered = (
  result: Exchange,
  isRejected = isCredentialRejection,
): result is HttpAnswered =>
  result.kind === 'answered' && result.status !== 429 && !isRejected(result);

export const outcomeWithoutAnswer = (result: Exchange): NotSent | Ambiguous => {
  if (result.kind === 'answered' && result.status === 429) {
    return { outcome: 'not-sent', reason: 'the PG asks for patience (429)' };
  }
  if (result.kind === 'answered') {
    const reason = `the PG refuses our API key (${result.status})`;

    return { outcome: 'not-sent', reason, cause: 'credentials' };
  }

  return { outcome: result.kind === 'not-sent' ? 'not-sent' : 'ambiguous', reason: result.reason };
};

export const ambiguous = (reason: string): Ambiguous => ({ outcome: 'ambiguous', reason });

/** The gateway answered, but its answer does not prove whether anything was done. */
export const ambiguousStatus = (status: number, code?: string): Ambiguous =>
  ambiguous(`status ${status}, ${code ? `code ${code}` : 'no readable response'}`);

/** The PG has the money: is it the money that was asked for? */
export const approvedOrMismatch = (
  { transactionId, approvedAt, refunded, ...actual }: Capture,
  expected: ChargeReference,
): Approved | Mismatch => {
  const mismatches = differences(actual, expected);
  const amounts = { captured: actual.amount, ...(refunded !== undefined && { refunded }) };

  return mismatches.length === 0
    ? { outcome: 'approved', transactionId, approvedAt, ...amounts }
    : { outcome: 'mismatch', transactionId, differences: mismatches, ...amounts };
};

export const differences = (actual: ChargeReference, expected: ChargeReference): string[] =>
  (['reference', 'amount', 'currency'] as const)
    .filter((name) => actual[name] !== expected[name])
    .map((name) => `${name}: asked ${expected[name]}, answered ${actual[name]}`);
