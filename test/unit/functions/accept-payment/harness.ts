import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { compose } from '../../../../functions/accept-payment/compose.ts';
import type { DocumentClient } from '../../../../shared/config/document-client.ts';
import { createDatabase, systemRuntime } from '../../../../shared/config/system-runtime.ts';
import type { Balance } from '../../../../shared/domain/money.ts';
import type { Order, Product } from '../../../../shared/domain/orders/order.ts';
import type { Payment } from '../../../../shared/domain/payments/payment.ts';
import { timings } from '../../../../shared/domain/timings.ts';
import { tokenFormats } from '../../../../shared/gateway/token-format.ts';
import { apiGatewayEvent } from '../../../support/builders/api-gateway-event.ts';
import { aBalance, anOrder, aProduct, noon } from '../../../support/builders/builders.ts';
import { nextActionOptions } from '../../../support/builders/checkout.ts';
import { cancelledTransaction } from '../../../support/builders/transaction-errors.ts';
import { MemoryDynamo } from '../../../support/fakes/memory-dynamo.ts';
import { aLambdaContext } from '../../../support/harness/invoke-handler.ts';

export const { holdExpiryMs } = timings.local;

/** What happens to a command: it succeeds, conflicts, is never sent, or its response is lost. */
export type CommandFate = 'done' | 'conflict' | 'not-sent' | 'response-lost';

export interface AcceptRequest {
  readonly key: string;
  readonly orderId: string;
  readonly paymentMethod?: string;
  readonly balanceAmount?: number;
  readonly returnUrl?: string;
  readonly onDecline?: string;
  readonly expectedAmount?: number;
  readonly order?: object;
}

interface AcceptHarnessOptions {
  readonly turn?: () => Promise<unknown>;
  readonly available?: number;
  readonly stock?: number;
}

/** A buyer with two orders of one packet of tea for 2,500 won, and accept-payment as composed. */
export const createAcceptHarness = ({
  turn,
  available = 10_000,
  stock = 10,
}: AcceptHarnessOptions = {}) => {
  const tables = new MemoryDynamo(
    {
      ...{ Orders: ['orderId'], Payments: ['paymentId'], Balances: ['userId'] },
      ...{ Products: ['sku'], Coupons: ['userId', 'couponId'] },
    },
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
    /**
     * Another execution environment, whose first commands have these fates. It keeps its own idempotency
     * cache.
     */
    environment: (...fates: readonly CommandFate[]) =>
      createEnvironment(withFates(tables.client, fates)),
  };
};

const createEnvironment = (client: DocumentClient) => {
  // The clock does not move: requests differ in nothing but their content.
  const runtime = { ...systemRuntime, sleep: async () => {}, clock: { now: () => noon } };
  const handler = compose({
    ...runtime,
    db: createDatabase(client, runtime),
    dynamoDb: new DynamoDBClient({}),
    environment: {
      ...{ ORDERS_TABLE: 'Orders', PAYMENTS_TABLE: 'Payments' },
      ...{ BALANCES_TABLE: 'Balances', PRODUCTS_TABLE: 'Products' },
      ...{ COUPONS_TABLE: 'Coupons', TIMINGS: 'local' },
      RETURN_ORIGINS: 'https://shop.example',
    },
    openCheckout: () => nextActionOptions.checkout,
    tokenFormat: tokenFormats.simulator,
  });

  return async ({ key, ...body }: AcceptRequest) => {
    const {
      statusCode,
      headers,
      body: text,
    } = (await handler(
      apiGatewayEvent({ method: 'POST', path: '/payments', buyer: 'alice', key, body }),
      aLambdaContext({ awsRequestId: randomUUID() }),
    )) as APIGatewayProxyStructuredResultV2;
    const { traceId, ...answerBody } = JSON.parse(text ?? '{}');

    return {
      status: statusCode ?? 0,
      isReplay: headers?.['idempotency-replayed'] === 'true',
      location: headers?.location,
      body: answerBody,
    };
  };
};

export type Reply = Awaited<ReturnType<ReturnType<typeof createEnvironment>>>;

const withFates = (client: DocumentClient, fates: readonly CommandFate[]) => {
  const coming = [...fates];

  return {
    async send(command: TransactWriteCommand) {
      const fate = coming.shift();
      if (fate === 'conflict' && command instanceof TransactWriteCommand)
        throw cancelledTransaction('TransactionConflict');
      if (fate === 'not-sent') throw connectionLostError();
      const answer = await client.send(command);
      if (fate === 'response-lost') throw connectionLostError();

      return answer;
    },
  } as DocumentClient;
};

const connectionLostError = () =>
  Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
