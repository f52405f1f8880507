import type { ApiAnswer } from '../run-record.ts';
import type { Check } from './check.ts';

const isAccepted = ({ status }: ApiAnswer): boolean => status >= 200 && status < 300;

/** A rejection that holds for the key: temporary ones name a time to retry. */
const isFinalRejection = ({ status, headers, body }: ApiAnswer): boolean =>
  status >= 400 &&
  status < 500 &&
  body?.code !== 'idempotency-key-in-flight' &&
  !Object.keys(headers).some((name) => name.toLowerCase() === 'retry-after');

/** A request in progress holds its key for at most as long as API Gateway waits for it. */
const longestRequestMs = 30_000;

/** Accepting a payment keeps only these rejections. Others are decided again, so that a key may be accepted later. */
const keptByAccept = ['insufficient-balance', 'out-of-stock'];

const isKept = ({ request, body }: ApiAnswer): boolean =>
  request.path !== '/payments' || keptByAccept.includes(String(body?.code));

const idsOf = ({ status, body }: ApiAnswer): string =>
  JSON.stringify([
    ...[status, body?.paymentId, body?.orderId, body?.refundId, body?.amount],
    body?.nextAction,
  ]);

const faultsOf = (key: string, answers: readonly ApiAnswer[]): readonly string[] => {
  const accepted = answers.filter(isAccepted);
  const [first] = accepted;
  if (first === undefined) return [];
  const different = new Set(accepted.map(idsOf));
  const refused = answers.filter(
    (answer) =>
      !isAccepted(answer) &&
      answer.status < 500 &&
      (isFinalRejection(answer)
        ? isKept(answer) || answer.sentAt > first.at
        : answer.sentAt > first.at + longestRequestMs),
  );

  return [
    ...(different.size > 1 ? [`${key} has the answers ${[...different].join(' and ')}`] : []),
    ...refused.map(({ status, body }) => `${key} is accepted and refused: ${status} ${body?.code}`),
  ];
};

export const oneAnswer: Check = {
  name: 'one-answer',
  property:
    'All accepted answers of one Idempotency-Key name the same thing and the same next action, and a key that was accepted is never refused for good.',
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
