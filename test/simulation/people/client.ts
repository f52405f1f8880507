import type { ApiRequest } from '../../support/builders/api-gateway-event.ts';
import type { ApiAnswer } from '../run-record.ts';
import type { Random } from '../virtual/random.ts';
import { assertExpected, codeOf } from './expected-answers.ts';
import type { Shop } from './shop.ts';

/** How a person's program sends requests. All answers are checked: an undocumented one throws. */
export interface Client {
  /**
   * Sends a request until it has a definite answer, sometimes twice at the same time. Returns undefined if the
   * person gives up, at the latest after `mostAttempts`. Without that number, no person gives up after the calm:
   * then it throws if nothing answers.
   */
  readonly ask: (request: ApiRequest, mostAttempts?: number) => Promise<ApiAnswer | undefined>;
  /** Sends a request once. Returns undefined without a definite answer. */
  readonly look: (request: ApiRequest) => Promise<ApiAnswer | undefined>;
}

/** A buyer at work. */
export interface BuyerSession {
  readonly shop: Shop;
  readonly buyer: string;
  readonly client: Client;
  /** What the keys of this session's requests begin with. */
  readonly name: string;
  readonly random: Random;
}

const usualAttempts = 6;
const calmAttempts = 60;
const longestPauseMs = 20_000;

const retriedCodes = ['idempotency-key-in-flight', 'being-released', 'too-many-requests'];

/** Whether the answer says nothing about the request: it may be sent again. */
const isIndefinite = (answer: ApiAnswer): boolean =>
  answer.status >= 500 || answer.status === 429 || retriedCodes.includes(codeOf(answer) ?? '');

/** `random` is not used itself: each request has a fork, so that retries change nothing else. */
export const createClient = (shop: Shop, random: Random): Client => {
  const sendOnce = async (request: ApiRequest): Promise<ApiAnswer | undefined> => {
    const answer = await shop.send(request);
    if (answer === undefined) return undefined;
    assertExpected(answer);

    return isIndefinite(answer) ? undefined : answer;
  };

  const sendTwice = async (request: ApiRequest, afterMs: number) => {
    const [first, second] = await Promise.all([
      sendOnce(request),
      shop.time.sleep(afterMs).then(() => sendOnce(request)),
    ]);

    return first ?? second;
  };

  return {
    look: sendOnce,
    ask: async (request, mostAttempts) => {
      const own = random.fork(`${request.method} ${request.path} ${request.key}`);
      const isPatient = () => mostAttempts === undefined && shop.isCalm();
      const most = () => mostAttempts ?? (shop.isCalm() ? calmAttempts : usualAttempts);
      for (let attempt = 1; attempt <= most(); attempt += 1) {
        const isDoubled = own.chance(0.1);
        const answer = await (isDoubled
          ? sendTwice(request, own.between(0, 50))
          : sendOnce(request));
        if (answer !== undefined) return answer;
        const givesUp = own.chance(0.05);
        if (givesUp && !isPatient()) return undefined;
        await shop.time.sleep(Math.min(own.between(50, 1_500) * attempt, longestPauseMs));
      }
      if (isPatient())
        throw new Error(`${request.method} ${request.path} has no answer after the calm.`);

      return undefined;
    },
  };
};
