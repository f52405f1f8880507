import type { DeadLettersBody } from '../../../functions/list-dead-letters/operation.ts';
import { reviewsOf } from '../checks/stored-items.ts';
import { codeOf } from '../people/expected-answers.ts';
import type { ApiAnswer, RunRecord } from '../run-record.ts';

/** What `Faults` counts besides faults. */
const retryPaths = ['redelivery', 'deferral', 'stream retry', 'stream given up', 'thaw'];

/** The same for every queue. */
const redrives = ['redrive', 'console redrive'];

/** `retry: redelivery charge-payment`, `state: RestoreStock`, `fault: crashAfter charge-payment dynamodb:Update` */
export const takenMark = (taken: string): string => {
  if (taken.startsWith('state ')) return taken.replace('state ', 'state: ');
  const redrive = redrives.find((path) => taken.startsWith(`${path} `));
  if (redrive !== undefined) return `retry: ${redrive}`;
  const isRetry = retryPaths.some((path) => taken.startsWith(`${path} `));

  return `${isRetry ? 'retry' : 'fault'}: ${taken}`;
};

const dispositionsOf = ({ request, status, body }: ApiAnswer): readonly string[] => {
  if (request.path !== '/operator/dead-letters' || status !== 200) return [];
  const { items } = body as unknown as DeadLettersBody;

  return items.flatMap(({ sample }) =>
    sample.map(({ disposition }) => `dead letter: ${disposition}`),
  );
};

/** What the service went through in a run, without its transitions: each mark once. */
export const runMarks = (run: RunRecord): ReadonlySet<string> =>
  new Set([
    ...[...run.faults.taken.keys()].map(takenMark),
    ...run.answers.flatMap((answer) => {
      const code = codeOf(answer);

      return code === undefined ? [] : [`refusal: ${code}`];
    }),
    ...run.answers.flatMap(dispositionsOf),
    ...run.published.map(({ event }) => `event: ${event['detail-type']}`),
    ...run.published.map(({ by }) => `publisher: ${by}`),
    ...reviewsOf(run).map(({ kind, code }) => `review: ${kind} ${code}`),
    ...reviewsOf(run).flatMap(({ kind, audit }) =>
      audit.map(({ decision }) => `decision: ${kind} ${decision}`),
    ),
  ]);
