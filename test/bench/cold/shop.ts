import { marshall } from '@aws-sdk/util-dynamodb';
import type { Order } from '../../../shared/domain/orders/order.ts';
import { apiGatewayEvent } from '../../support/builders/api-gateway-event.ts';
import { anOrder } from '../../support/builders/builders.ts';
import { startAwsEndpoint } from '../host/aws-endpoint.ts';

/** The request that pays an order. */
const acceptEvent = ({ orderId, userId }: Order) =>
  apiGatewayEvent({
    method: 'POST',
    path: '/payments',
    buyer: userId,
    key: 'cold-start-payment',
    body: { orderId, paymentMethod: 'sim_approve' },
  });

/**
 * Starts a stand-in for DynamoDB that has one payable order and answers without delay, over plain HTTP. So the
 * processor time is the function's own; a TLS handshake is not part of it.
 */
export const openColdShop = async () => {
  const order = anOrder();
  const { url, close } = await startAwsEndpoint({
    'DynamoDB_20120810.GetItem': ({ Key }) =>
      (Key as { orderId?: { S: string } }).orderId?.S === order.orderId
        ? { Item: marshall(order) }
        : {},
    'DynamoDB_20120810.TransactWriteItems': () => ({}),
  });

  return {
    environment: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    request: { event: acceptEvent(order), expectedStatus: 202 },
    close,
  };
};
