import { Refusal } from '../../shared/domain/errors.ts';
import { type Answer, type ApiEvent, bodyOf, operatorOf } from '../../shared/http/boundary.ts';
import type { deskOf } from '../../shared/operations/desk.ts';
import type { RedriveAnswer } from './operation.ts';
import { redriveBody } from './request.ts';

interface Dependencies {
  readonly desk: Pick<ReturnType<typeof deskOf>, 'consumers' | 'redrive'>;
}

/** Sends dead letters again, or drops them: what the operator selects, as far as the class of each permits it. */
export const redriveDeadLetters =
  ({ desk }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const who = operatorOf(event);
    const { dryRun, reason, ...order } = bodyOf(redriveBody, event);
    if (!desk.consumers.includes(order.consumer)) {
      const detail = `One of ${desk.consumers.join(', ')}.`;
      const errors = [{ pointer: '/consumer', detail }];
      throw new Refusal({ code: 'invalid-request', detail: 'The request has faults.', errors });
    }
    const items = await desk.redrive({ ...order, isDryRun: dryRun, who, why: reason });

    return {
      status: 200,
      body: { dryRun, items: [...items] } satisfies RedriveAnswer,
      ids: { operator: who, consumer: order.consumer, letters: `${items.length}` },
    };
  };
