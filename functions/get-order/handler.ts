import { withETag } from '../../shared/http/etag.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { orderBody } from '../../shared/http/order-body.ts';
import { type ApiEvent, buyerOf, parsePathParameter } from '../../shared/http/request.ts';
import type { OrderRepository } from '../../shared/persistence/order-repository.ts';

interface Dependencies {
  readonly orders: Pick<OrderRepository, 'getOwned'>;
}

/** Returns the buyer's own order. Another buyer's order is answered like one that does not exist. */
export const getOrder =
  ({ orders }: Dependencies) =>
  async (event: ApiEvent): Promise<HttpResponse> => {
    const order = await orders.getOwned(buyerOf(event), parsePathParameter(event, 'orderId'));
    const { orderId, version } = order;

    return withETag(event, version, { status: 200, body: orderBody(order), ids: { orderId } });
  };
