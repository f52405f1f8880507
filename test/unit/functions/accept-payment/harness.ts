import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { acceptPayment } from '../../../../functions/accept-payment/handler.ts';
import { acceptBody } from '../../../../functions/accept-payment/request.ts';
import { toAcceptedResponse } from '../../../../functions/accept-payment/response.ts';
import {
  acceptIn,
  storedRefusals,
} from '../../../../shared/application/payments/accept-payment.ts';
import type { Balance } from '../../../../shared/domain/money.ts';
import type { Order, Product } from '../../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { oncePerKey } from '../../../../shared/http/idempotent-route.ts';
import { balancesIn } from '../../../../shared/persistence/balance-repository.ts';
import { ordersIn } from '../../../../shared/persistence/order-repository.ts';
import { paymentsIn } from '../../../../shared/persistence/payment-repository.ts';
import { productsIn } from '../../../../shared/persistence/product-repository.ts';
import { gatewayEvent } from '../../../support/builders/api-gateway-event.ts';
import { aBalance, anOrder, aProduct, noon } from '../../../support/builders/builders.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { aContext } from '../../../support/harness/invoke-handler.ts';

/** What becomes of a command on its way: it meets another transaction, is never sent, or is done and its answer lost. */
export type Fate = 'done' | 'conflict' | 'unsent' | 'unheard';

export interface Wish {
  readonly key: string;
  readonly orderId: string;
  readonly paymentMethod: string;
  readonly expectedAmount?: number;
}

interface Shop {
  readonly turn?: () => Promise<unknown>;
  readonly available?: number;
  readonly stock?: number;
}

/** A buyer with two orders of one packet of tea for 2,500 won, before accept-payment as it is wired. */
export const aTill = ({ turn, available = 10_000, stock = 10 }: Shop = {}) => {
  const tables = new MemoryDynamo(
    { Orders: ['orderId'], Payments: ['paymentId'], Balances: ['userId'], Products: ['sku'] },
    turn,
  );
  const userId = 'alice';
  tables.put('Balances', aBalance({ userId, available }));
  tables.put('Products', aProduct({ sku: 'tea', available: stock }));
  const lines = [{ sku: 'tea', quantity: 1, unitPrice: 2_500 }];
  for (const orderId of ['ord_0', 'ord_1']) {
    tables.put('Orders', anOrder({ orderId, userId, lines }));
  }

  return {
    tables,
    orders: () => tables.items<Order>('Orders'),
    payments: () => tables.items<Payment>('Payments'),
    balance: () => tables.items<Balance>('Balances')[0] as Balance,
    product: () => tables.items<Product>('Products')[0] as Product,
    /** One more environment of the function, whose first commands meet these fates. It remembers what it has answered. */
    environment: (...fates: readonly Fate[]) => environmentOf(hindered(tables.client, fates)),
  };
};

const environmentOf = (db: DynamoDBDocumentClient) => {
  const stores = {
    db,
    orders: ordersIn(db, 'Orders'),
    payments: paymentsIn(db, 'Payments'),
    balances: balancesIn(db, 'Balances'),
    products: productsIn(db, 'Products'),
  };
  // Time stands still: no request is told from another by when it came.
  const clock = { now: () => noon };
  const accept = acceptIn(stores, { pause: async () => {} });
  const handler = oncePerKey(
    { name: 'accept-payment', schema: acceptBody, keeps: storedRefusals },
    acceptPayment({ accept, clock, unclaimedAfterMs: 1_000 }),
    toAcceptedResponse,
  );

  return async ({ key, ...body }: Wish) => {
    const {
      statusCode,
      headers,
      body: text,
    } = (await handler(
      gatewayEvent({ method: 'POST', path: '/payments', buyer: 'alice', key, body }),
      aContext({ awsRequestId: randomUUID() }),
    )) as APIGatewayProxyStructuredResultV2;
    const { traceId, ...told } = JSON.parse(text ?? '{}');

    return {
      status: statusCode ?? 0,
      isReplay: headers?.['idempotency-replayed'] === 'true',
      location: headers?.location,
      body: told,
    };
  };
};

export type Reply = Awaited<ReturnType<ReturnType<typeof environmentOf>>>;

const hindered = (client: DynamoDBDocumentClient, fates: readonly Fate[]) => {
  const coming = [...fates];

  return {
    async send(command: TransactWriteCommand) {
      const fate = coming.shift();
      if (fate === 'conflict' && command instanceof TransactWriteCommand) throw conflict();
      if (fate === 'unsent') throw lost();
      const answer = await client.send(command);
      if (fate === 'unheard') throw lost();

      return answer;
    },
  } as DynamoDBDocumentClient;
};

const lost = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

const conflict = () =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: [{ Code: 'TransactionConflict' }],
  });
