import { scopeOf } from '../../../shared/http/routes.ts';
import type { ApiAnswer } from '../run-record.ts';
import type { Client } from './client.ts';
import { codeOf } from './expected-answers.ts';

interface WantedRefund {
  readonly paymentId: string;
  readonly buyer: string;
  readonly key: string;
  /** An amount or lines, and a reason that is long enough for operators. */
  readonly body: object;
}

const support = { buyer: 'sora', scope: scopeOf('support') };

/** A buyer wants money back. Where buyers may not refund, the support of the shop does it for them. */
export const requestRefund = async (
  client: Client,
  { paymentId, buyer, key, body }: WantedRefund,
  mostAttempts?: number,
): Promise<ApiAnswer | undefined> => {
  const request = { method: 'POST', path: `/payments/${paymentId}/refunds`, key, body } as const;
  const answer = await client.ask({ ...request, buyer }, mostAttempts);
  if (answer === undefined || codeOf(answer) !== 'refund-not-allowed') return answer;

  return client.ask({ ...request, path: `/operator${request.path}`, ...support }, mostAttempts);
};
