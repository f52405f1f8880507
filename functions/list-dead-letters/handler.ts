import type { createDeadLetterService } from '../../shared/application/dead-letters/dead-letter-service.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { throwInvalidRequest } from '../../shared/http/read-json.ts';
import { type ApiEvent, operatorOf, parseQuery } from '../../shared/http/request.ts';
import type { DeadLettersBody } from './operation.ts';
import { deadLettersQuery } from './request.ts';

interface Dependencies {
  readonly service: Pick<ReturnType<typeof createDeadLetterService>, 'consumers' | 'inspectQueues'>;
}

/**
 * Lists each dead-letter queue with its first messages and what an operator may do with each. Deletes
 * nothing.
 */
export const listDeadLetters =
  ({ service }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const { sub: operator } = operatorOf(event);
    const { sample, consumer } = parseQuery(deadLettersQuery, event);
    if (consumer !== undefined && !service.consumers.includes(consumer)) {
      throwInvalidRequest([
        { parameter: 'consumer', detail: `Must be one of ${service.consumers.join(', ')}.` },
      ]);
    }
    const items = [...(await service.inspectQueues(sample, consumer))];

    return { status: 200, body: { items } satisfies DeadLettersBody, ids: { operator } };
  };
