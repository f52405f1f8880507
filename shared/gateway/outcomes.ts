import type { Exchange } from './http-exchange.ts';
import type { Ambiguous, Approved, ChargeReference, Mismatch, NotSent } from './payment-gateway.ts';

/** A capture as a gateway describes it: `amount` is what was captured. */
type Capture = ChargeReference &
  Pick<Approved, 'refunded'> & { transactionId: string; approvedAt: string };

/** What every adapter makes of an exchange before it looks at what its own PG said. */
export type Answered = Extract<Exchange, { kind: 'answered' }>;

/** Authentication comes before anything that a gateway does: what fails there has had no effect. */
export const refusesCredentials = ({ status }: Answered): boolean =>
  status === 401 || status === 403;

/** A 429 or a refusal of our credentials says that the request was not taken, which is as good as never having sent it. */
export const isAnswer = (result: Exchange, isRefused = refusesCredentials): result is Answered =>
  result.kind === 'answered' && result.status !== 429 && !isRefused(result);

export const withoutAnswer = (result: Exchange): NotSent | Ambiguous => {
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

/** The PG has the money: is it the money that was asked for? */
export const compared = (
  { transactionId, approvedAt, refunded, ...answered }: Capture,
  asked: ChargeReference,
): Approved | Mismatch => {
  const found = differences(answered, asked);
  const amounts = { captured: answered.amount, ...(refunded !== undefined && { refunded }) };

  return found.length === 0
    ? { outcome: 'approved', transactionId, approvedAt, ...amounts }
    : { outcome: 'mismatch', transactionId, differences: found, ...amounts };
};

export const differences = (answered: ChargeReference, asked: ChargeReference): string[] =>
  (['reference', 'amount', 'currency'] as const)
    .filter((name) => answered[name] !== asked[name])
    .map((name) => `${name}: asked ${asked[name]}, answered ${answered[name]}`);
