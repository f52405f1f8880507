import type {
  RedriveRequest,
  RedriveResult,
} from '../../shared/application/dead-letters/redrive.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { throwInvalidRequest } from '../../shared/http/read-json.ts';
import { type ApiEvent, operatorOf, parseBody } from '../../shared/http/request.ts';
import type { RedriveResponseBody } from './operation.ts';
import { redriveSchema } from './request.ts';

interface Dependencies {
  readonly consumers: readonly string[];
  readonly redrive: (request: RedriveRequest) => Promise<readonly RedriveResult[]>;
}

/**
 * Redrives or deletes the dead-lettered messages that the operator selects, as far as the policy of each
 * message permits.
 */
export const redriveDeadLetters =
  ({ consumers, redrive }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const operator = operatorOf(event);
    const { dryRun, reason, ...request } = parseBody(redriveSchema, event);
    if (!consumers.includes(request.consumer)) {
      throwInvalidRequest([
        { pointer: '/consumer', detail: `Must be one of ${consumers.join(', ')}.` },
      ]);
    }
    const items = await redrive({ ...request, isDryRun: dryRun, operator, reason });

    return {
      status: 200,
      body: { dryRun, items: [...items] } satisfies RedriveResponseBody,
      ids: { operator: operator.sub, consumer: request.consumer, messages: `${items.length}` },
    };
  };
