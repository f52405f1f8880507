import { fromCursor, toCursor } from '../../shared/http/cursor.ts';
import { type Answer, type ApiEvent, buyerOf, queryOf } from '../../shared/http/http-handler.ts';
import { paymentBody } from '../../shared/http/payment-body.ts';
import type { PaymentsOfBuyer } from '../../shared/persistence/payment-list-repository.ts';
import { type List, wantedIn } from './filter.ts';
import type { PageBody } from './operation.ts';
import { listPlace, listQuery } from './request.ts';

interface Dependencies {
  readonly payments: PaymentsOfBuyer;
}

/** One page of the buyer's own payments, newest first. A filtered page may be short, or empty, and still have a next one. */
export const listPayments =
  ({ payments }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const { limit, cursor, ...filter } = queryOf(listQuery, event);
    const list: List = { buyer: buyerOf(event), ...filter };
    const { items, next } = await payments.page({
      userId: list.buyer,
      limit,
      after: fromCursor(list, listPlace, cursor),
      wanted: wantedIn(list),
    });

    return {
      status: 200,
      body: {
        items: items.map(paymentBody),
        ...(next && { nextCursor: toCursor(list, next) }),
      } satisfies PageBody,
    };
  };
