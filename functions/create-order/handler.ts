import type { createPlaceOrder } from '../../shared/application/orders/place-order.ts';
import { deriveOrderId, requestHashOf } from '../../shared/domain/ids.ts';
import type { Order, OrderContent } from '../../shared/domain/orders/order.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import type { CreatedOrderBody } from './operation.ts';
import type { CreateOrderRequest } from './request.ts';

interface Dependencies {
  readonly place: ReturnType<typeof createPlaceOrder>;
  readonly clock: Clock;
}

/** The values of the 201 response: the same for each request with one key. */
export type CreateOrderResult = Pick<
  Order,
  'orderId' | 'subtotal' | 'discount' | 'contentHash' | keyof OrderContent
> & { readonly replayed: boolean };

/** Places one order, at most once per idempotency key of a buyer. */
export const createOrder =
  ({ place, clock }: Dependencies) =>
  async ({ buyer, key, body }: CreateOrderRequest): Promise<CreateOrderResult> => {
    const { order, replayed } = await place(
      {
        orderId: deriveOrderId(buyer, key),
        userId: buyer,
        lines: body.lines,
        couponId: body.couponId,
        requestHash: requestHashOf(body),
      },
      clock.now(),
    );
    const { orderId, lines, couponId, subtotal, discount, total, currency } = order;
    const { contentHash, expiresAt } = order;

    return {
      ...{ orderId, lines, couponId, subtotal, discount, total, currency, contentHash, expiresAt },
      replayed,
    };
  };

/** 201. The response is the same for each request with one key, whatever happened to the order since. */
export const toCreatedOrderResponse = ({
  orderId,
  ...order
}: Omit<CreateOrderResult, 'replayed'>): HttpResponse => ({
  status: 201,
  headers: {
    location: `/orders/${orderId}`,
  },
  body: { orderId, status: 'PENDING_PAYMENT', ...order } satisfies CreatedOrderBody,
  ids: { orderId },
});
