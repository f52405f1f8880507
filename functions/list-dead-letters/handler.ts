import type { deskOf } from '../../shared/application/dead-letters/dead-letter-service.ts';
import { type Answer, type ApiEvent, operatorOf, queryOf } from '../../shared/http/http-handler.ts';
import { refuseFaults } from '../../shared/http/read-json.ts';
import type { DeadLettersBody } from './operation.ts';
import { deadLettersQuery } from './request.ts';

interface Dependencies {
  readonly desk: Pick<ReturnType<typeof deskOf>, 'consumers' | 'survey'>;
}

/** Tells an operator of every queue of dead letters, and of the first in each what is to become of it. Nothing is taken out. */
export const listDeadLetters =
  ({ desk }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const operator = operatorOf(event);
    const { sample, consumer } = queryOf(deadLettersQuery, event);
    if (consumer !== undefined && !desk.consumers.includes(consumer)) {
      refuseFaults([{ parameter: 'consumer', detail: `One of ${desk.consumers.join(', ')}.` }]);
    }
    const items = [...(await desk.survey(sample, consumer))];

    return { status: 200, body: { items } satisfies DeadLettersBody, ids: { operator } };
  };
