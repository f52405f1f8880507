import type { Order, Result } from '../../shared/application/dead-letters/redrive.ts';
import { Refusal } from '../../shared/domain/errors.ts';
import { type Answer, type ApiEvent, bodyOf, operatorOf } from '../../shared/http/http-handler.ts';
import type { RedriveAnswer } from './operation.ts';
import { redriveBody } from './request.ts';

interface Dependencies {
  readonly consumers: readonly string[];
  readonly redrive: (order: Order) => Promise<readonly Result[]>;
}

/** Sends dead letters again, or drops them: what the operator selects, as far as the class of each permits it. */
export const redriveDeadLetters =
  ({ consumers, redrive }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const who = operatorOf(event);
    const { dryRun, reason, ...order } = bodyOf(redriveBody, event);
    if (!consumers.includes(order.consumer)) {
      const detail = `One of ${consumers.join(', ')}.`;
      const errors = [{ pointer: '/consumer', detail }];
      throw new Refusal({ code: 'invalid-request', detail: 'The request has faults.', errors });
    }
    const items = await redrive({ ...order, isDryRun: dryRun, who, why: reason });

    return {
      status: 200,
      body: { dryRun, items: [...items] } satisfies RedriveAnswer,
      ids: { operator: who, consumer: order.consumer, letters: `${items.length}` },
    };
  };
