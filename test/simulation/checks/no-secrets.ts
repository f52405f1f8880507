import type { RunRecord } from '../run-record.ts';
import { secretsOf } from '../secrets.ts';
import type { Check } from './check.ts';

const textsOf = ({ logLines, published, deliveries, answers, deadLettered }: RunRecord) => ({
  'a log line': logLines,
  'an event': published.map(({ event }) => JSON.stringify(event)),
  'a delivery': deliveries.flatMap(({ bodies }) => bodies),
  'a response': answers.map(({ body, headers }) => JSON.stringify({ headers, body })),
  'a dead letter': deadLettered.map(({ body }) => body),
});

export const noSecrets: Check = {
  name: 'no-secrets',
  property:
    'No log line, event, delivery, response and dead letter contains a token, a key or another secret.',
  invariants: [10],
  atEnd: (run) =>
    Object.entries(textsOf(run)).flatMap(([place, texts]) =>
      secretsOf(run).flatMap((secret) => {
        const found = texts.find((text) => text.includes(secret));

        return found === undefined ? [] : [`${place} contains ${secret}: ${found.slice(0, 300)}`];
      }),
    ),
};
