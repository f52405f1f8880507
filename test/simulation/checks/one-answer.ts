import type { ApiAnswer } from '../run-record.ts';
import type { Check } from './check.ts';

const isAccepted = ({ status }: ApiAnswer): boolean => status >= 200 && status < 300;

/** A rejection that holds for the key: temporary ones name a time to retry. */
const isFinalRejection = ({ status, headers, body }: ApiAnswer): boolean =>
  status >= 400 &&
  status < 500 &&
  body?.code !== 'idempotency-key-in-flight' &&
  !Object.keys(headers).some((name) => name.toLowerCase() === 'retry-after');

/** API Gateway answers within 30 seconds: a later answer belongs to a request that was sent later. */
const longestAnswerMs = 30_000;

const idsOf = ({ status, body }: ApiAnswer): string =>
  JSON.stringify([status, body?.paymentId, body?.orderId, body?.refundId, body?.amount]);

const faultsOf = (key: string, answers: readonly ApiAnswer[]): readonly string[] => {
  const accepted = answers.filter(isAccepted);
  const [first] = accepted;
  if (first === undefined) return [];
  const different = new Set(accepted.map(idsOf));
  const refused = answers.filter(
    (answer) =>
      !isAccepted(answer) &&
      answer.status < 500 &&
      (isFinalRejection(answer) || answer.at > first.at + longestAnswerMs),
  );

  return [
    ...(different.size > 1 ? [`${key} has the answers ${[...different].join(' and ')}`] : []),
    ...refused.map(({ status, body }) => `${key} is accepted and refused: ${status} ${body?.code}`),
  ];
};

export const oneAnswer: Check = {
  name: 'one-answer',
  property:
    'All accepted answers of one Idempotency-Key name the same thing, and a key that was accepted is never refused for good.',
  invariants: [1],
  atEnd: ({ answers }) => {
    const keyed = answers.filter(({ request: { key } }) => key !== undefined);
    const byKey = Map.groupBy(
      keyed,
      ({ request: { method, path, buyer, key } }) => `${method} ${path} of ${buyer} with ${key}`,
    );

    return [...byKey].flatMap(([key, list]) => faultsOf(key, list));
  },
};
