import { routeOf } from '../../support/builders/api-gateway-event.ts';
import type { ApiAnswer, RunRecord } from '../run-record.ts';
import { privateTextsOf, secretsOf } from '../secrets.ts';
import type { Check } from './check.ts';

const textOf = ({ body, headers }: ApiAnswer): string => JSON.stringify({ headers, body });

const isForBuyer = ({ request: { method, path } }: ApiAnswer): boolean =>
  routeOf(method, path).route.access === 'buyer';

/** Every text, by whether it is for the buyer of a payment. */
const textsOf = ({ logLines, published, deliveries, answers, deadLettered }: RunRecord) => ({
  forOthers: {
    'a log line': logLines,
    'an event': published.map(({ event }) => JSON.stringify(event)),
    'a delivery': deliveries.flatMap(({ bodies }) => bodies),
    'a dead letter': deadLettered.map(({ body }) => body),
    'a response to others': answers.filter((answer) => !isForBuyer(answer)).map(textOf),
  },
  forBuyers: { 'a response': answers.filter(isForBuyer).map(textOf) },
});

const problemsOf = (
  texts: Readonly<Record<string, readonly string[]>>,
  unwanted: readonly string[],
): readonly string[] =>
  Object.entries(texts).flatMap(([place, all]) =>
    unwanted.flatMap((secret) => {
      const found = all.find((text) => text.includes(secret));

      return found === undefined ? [] : [`${place} contains ${secret}: ${found.slice(0, 300)}`];
    }),
  );

export const noSecrets: Check = {
  name: 'no-secrets',
  property:
    'No log line, event, delivery, response and dead letter contains a token, a key or another secret, and none but a response to the buyer says where the buyer authenticates.',
  invariants: [10],
  atEnd: (run) => {
    const { forOthers, forBuyers } = textsOf(run);
    const secrets = secretsOf(run);

    return [
      ...problemsOf(forOthers, [...secrets, ...privateTextsOf(run)]),
      ...problemsOf(forBuyers, secrets),
    ];
  },
};
