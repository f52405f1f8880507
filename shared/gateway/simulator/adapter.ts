import { systemTimers, type Timers } from '../../config/timers.ts';
import { exchange } from '../http-exchange.ts';
import type { ChargeReference, PaymentGateway } from '../payment-gateway.ts';
import {
  cancelOutcome,
  chargeOutcome,
  inquiryOutcome,
  refundInquiryOutcome,
  refundOutcome,
} from './outcomes.ts';

export interface SimulatorGatewayOptions {
  readonly url: string;
  /** For one call of the port, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly timers?: Timers;
}

/** The PG simulator over HTTP. One call of the port is one request: whether to ask again is decided by the caller. */
export const createSimulatorGateway = ({
  url,
  timeoutMs,
  timers = systemTimers,
}: SimulatorGatewayOptions): PaymentGateway => {
  const base = url.replace(/\/+$/, '');
  const post = (path: string, key: string, body: object) =>
    exchange(
      {
        method: 'POST',
        url: new URL(base + path),
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
        timeoutMs,
      },
      timers,
    );
  const get = (path: string) =>
    exchange({ method: 'GET', url: new URL(base + path), headers: {}, timeoutMs }, timers);

  return {
    charge: async ({ key, paymentMethod, ...request }) =>
      chargeOutcome(
        await post('/charges', key, { ...requestFields(request), paymentMethod }),
        request,
      ),
    inquire: async (request) =>
      inquiryOutcome(await get(`/charges/${encodeURIComponent(request.reference)}`), request),
    cancel: async ({ reference }) =>
      // The key is made from the reference alone: however often it is sent, it is one cancellation.
      cancelOutcome(await post('/cancellations', `cnl:${reference}`, { reference }), reference),
    refund: async ({ key, ...request }) =>
      refundOutcome(await post('/refunds', key, requestFields(request)), request),
    inquireRefund: async ({ key, ...request }) =>
      refundInquiryOutcome(
        await get(
          `/refunds/${encodeURIComponent(key)}?reference=${encodeURIComponent(request.reference)}`,
        ),
        request,
      ),
  };
};

/** The fields that the PG knows and no others, whatever else the caller's object holds. */
const requestFields = ({ reference, amount, currency }: ChargeReference): ChargeReference => ({
  reference,
  amount,
  currency,
});
