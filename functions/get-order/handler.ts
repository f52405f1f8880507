import { tagged } from '../../shared/http/etag.ts';
import { type Answer, type ApiEvent, buyerOf, pathOf } from '../../shared/http/http-handler.ts';
import { orderBody } from '../../shared/http/order-body.ts';
import type { Orders } from '../../shared/persistence/order-repository.ts';

interface Dependencies {
  readonly orders: Pick<Orders, 'ownedBy'>;
}

/** The buyer's own order; another's is as missing as one that never was. */
export const getOrder =
  ({ orders }: Dependencies) =>
  async (event: ApiEvent): Promise<Answer> => {
    const order = await orders.ownedBy(buyerOf(event), pathOf(event, 'orderId'));
    const { orderId, version } = order;

    return tagged(event, version, { status: 200, body: orderBody(order), ids: { orderId } });
  };
