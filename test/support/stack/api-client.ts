import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { isFinal } from '../../../shared/domain/payments/payment-transitions.ts';
import { operatorScope } from '../../../shared/http/routes.ts';
import type { ApiRequest } from '../builders/api-gateway-event.ts';
import { eventually } from '../eventually.ts';
import { withContractCheck } from '../response-contract.ts';
import { storedPayment } from './repositories.ts';
import {
  invokeDirectly,
  isDirectOnly,
  type Reply,
  sendViaGateway,
  type Transport,
  withRetry,
} from './transports.ts';

export interface PlacedOrder {
  readonly orderId: string;
  readonly buyer: string;
  readonly total: number;
}

export interface AcceptedPayment {
  readonly paymentId: string;
  readonly orderId: string;
  readonly buyer: string;
}

interface OrderInput {
  readonly buyer: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly couponId?: string;
}

interface PaymentInput {
  readonly key?: string;
  /** Decides the simulated gateway's behaviour. With null the payment waits for one, or the balance pays all. */
  readonly paymentMethod?: string | null;
  /** Minor units to take from the balance. None by default. */
  readonly balanceAmount?: number;
  readonly returnUrl?: string;
  readonly onDecline?: 'keep';
  readonly buyer?: string;
  /** Replaces the whole body. */
  readonly body?: unknown;
}

interface ConfirmInput {
  readonly key?: string;
  readonly paymentMethod?: string;
  readonly returnUrl?: string;
}

interface RefundInput {
  readonly key?: string;
  readonly amount?: number;
  readonly balanceFirst?: boolean;
  readonly lines?: readonly {
    readonly sku: string;
    readonly quantity: number;
    readonly restock: boolean;
  }[];
}

const createApiClient = (send: Transport) => {
  const pay = (order: PlacedOrder, input: PaymentInput = {}): Promise<Reply> => {
    const { key = randomUUID(), buyer = order.buyer, body: replacement, ...fields } = input;
    const { paymentMethod = 'sim_approve', ...others } = fields;
    const body = replacement ?? {
      orderId: order.orderId,
      ...others,
      ...(paymentMethod !== null && { paymentMethod }),
    };

    return send({ method: 'POST', path: '/payments', buyer, key, body });
  };

  const refund = (
    { buyer, paymentId }: AcceptedPayment,
    { key = randomUUID(), ...body }: RefundInput,
  ): Promise<Reply> =>
    send({
      method: 'POST',
      path: `/payments/${paymentId}/refunds`,
      buyer,
      key,
      body: { reason: 'It was dented.', ...body },
    });

  const payment = ({ buyer, paymentId }: AcceptedPayment): Promise<Reply> =>
    send({ method: 'GET', path: `/payments/${paymentId}`, buyer });

  return {
    /** Sends any request and returns the reply unchecked. */
    send,

    /** Sends a request with an operator's token. */
    asOperator: (request: Omit<ApiRequest, 'buyer' | 'scope'>): Promise<Reply> =>
      send({ ...request, buyer: 'olivia', scope: operatorScope }),

    async placeOrder({ buyer, ...body }: OrderInput): Promise<PlacedOrder> {
      const key = randomUUID();
      const reply = await send({ method: 'POST', path: '/orders', buyer, key, body });
      expect(reply).toMatchObject({ status: 201 });

      return { orderId: `${reply.body.orderId}`, buyer, total: Number(reply.body.total) };
    },

    pay,

    /** Pays and expects a 202. */
    async accepted(order: PlacedOrder, input?: PaymentInput): Promise<AcceptedPayment> {
      const reply = await pay(order, input);
      expect(reply).toMatchObject({ status: 202 });
      const { orderId, buyer } = order;

      return { paymentId: `${reply.body.paymentId}`, orderId, buyer };
    },

    /** Waits for a final status and returns the payment as its buyer sees it. */
    async settled(accepted: AcceptedPayment): Promise<Reply['body']> {
      await eventually(async () =>
        expect(await storedPayment(accepted.paymentId)).toSatisfy(({ status }) => isFinal(status)),
      );

      return (await payment(accepted)).body;
    },

    payment,

    refund,

    confirm: (
      { buyer, paymentId }: AcceptedPayment,
      { key = randomUUID(), ...body }: ConfirmInput = {},
    ): Promise<Reply> =>
      send({ method: 'POST', path: `/payments/${paymentId}/confirm`, buyer, key, body }),

    cancel: ({ buyer, paymentId }: AcceptedPayment, key: string = randomUUID()): Promise<Reply> =>
      send({ method: 'POST', path: `/payments/${paymentId}/cancel`, buyer, key }),

    /** Requests a refund, expects a 202, and returns the refund once it has ended. */
    async refunded(accepted: AcceptedPayment, input: RefundInput): Promise<Reply['body']> {
      const requested = await refund(accepted, input);
      expect(requested).toMatchObject({ status: 202 });
      const path = `/refunds/${requested.body.refundId}`;

      return eventually(async () => {
        const { body } = await send({ method: 'GET', path, buyer: accepted.buyer });
        expect(body.status).not.toBe('REQUESTED');

        return body;
      });
    },

    order: ({ buyer, orderId }: { buyer: string; orderId: string }): Promise<Reply> =>
      send({ method: 'GET', path: `/orders/${orderId}`, buyer }),
  };
};

export type Api = ReturnType<typeof createApiClient>;

const directApi = createApiClient(withContractCheck(withRetry(invokeDirectly)));
const gatewayApi = createApiClient(withContractCheck(withRetry(sendViaGateway)));

/** The transports of this stack, by name. */
export const transports: readonly (readonly [name: string, api: Api])[] = [
  ...(isDirectOnly ? [] : [['gateway', gatewayApi] as const]),
  ['direct invocation', directApi],
];

/** A client without retries. */
export const apiWithoutRetry = createApiClient(
  withContractCheck(isDirectOnly ? invokeDirectly : sendViaGateway),
);

/** The client that tests use by default: over HTTP, if the stack has an HTTP API. */
export const api = isDirectOnly ? directApi : gatewayApi;
