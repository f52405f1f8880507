import type { placeIn } from '../../shared/application/orders/place-order.ts';
import type { Clock } from '../../shared/domain/clock.ts';
import { orderIdOf, requestHashOf } from '../../shared/domain/ids.ts';
import type { Order } from '../../shared/domain/orders/order.ts';
import type { CreateRequest } from './request.ts';

interface Dependencies {
  readonly place: ReturnType<typeof placeIn>;
  readonly clock: Clock;
}

/** What the buyer is answered, now and whenever the same key comes again. */
export type CreateOutcome = Pick<
  Order,
  'orderId' | 'lines' | 'subtotal' | 'discount' | 'total' | 'currency' | 'expiresAt'
> & { readonly replayed: boolean };

/** Places one order, at most once for each key of a buyer. */
export const createOrder =
  ({ place, clock }: Dependencies) =>
  async ({ buyer, key, body }: CreateRequest): Promise<CreateOutcome> => {
    const { order, replayed } = await place(
      {
        orderId: orderIdOf(buyer, key),
        userId: buyer,
        lines: body.lines,
        couponId: body.couponId,
        requestHash: requestHashOf(body),
      },
      clock.now(),
    );
    const { orderId, lines, subtotal, discount, total, currency, expiresAt } = order;

    return { orderId, lines, subtotal, discount, total, currency, expiresAt, replayed };
  };
