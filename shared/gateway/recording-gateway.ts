import { type Asked, pgOperations } from '../domain/gateway-call.ts';
import type { NotSent, PaymentGateway } from './payment-gateway.ts';

type Answer = { readonly outcome: Asked['outcome']; readonly cause?: NotSent['cause'] };
type Ask = (request: unknown) => Promise<Answer>;

/** The same gateway, or as much of one, that tells of each request: what was asked, how it ended and how long that took. */
export const observed = <G extends Partial<PaymentGateway>>(
  gateway: G,
  tell: (asked: Asked, answer: Answer) => void,
): G => {
  const through =
    (operation: Asked['operation'], ask: Ask): Ask =>
    async (request) => {
      const began = performance.now();
      const answer = await ask(request);
      const tookMs = Math.round(performance.now() - began);
      tell({ operation, outcome: answer.outcome, tookMs }, answer);

      return answer;
    };
  const calls = pgOperations.flatMap((operation) => {
    const call = gateway[operation] as Ask | undefined;

    return call ? [[operation, through(operation, (request) => call.call(gateway, request))]] : [];
  });

  return Object.fromEntries(calls) as G;
};

/** The same gateway, and the list of what it is asked from now on. */
export const noted = <G extends Partial<PaymentGateway>>(gateway: G) => {
  const asked: Asked[] = [];

  return { gateway: observed(gateway, (one) => asked.push(one)), asked };
};
