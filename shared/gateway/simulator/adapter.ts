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
export const simulatorGateway = ({
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
    charge: async ({ key, paymentMethod, ...asked }) =>
      chargeOutcome(await post('/charges', key, { ...money(asked), paymentMethod }), asked),
    inquire: async (asked) =>
      inquiryOutcome(await get(`/charges/${encodeURIComponent(asked.reference)}`), asked),
    cancel: async ({ reference }) =>
      // The key is made from the reference alone: however often it is sent, it is one cancellation.
      cancelOutcome(await post('/cancellations', `cnl:${reference}`, { reference }), reference),
    refund: async ({ key, ...asked }) =>
      refundOutcome(await post('/refunds', key, money(asked)), asked),
    inquireRefund: async ({ key, ...asked }) =>
      refundInquiryOutcome(
        await get(
          `/refunds/${encodeURIComponent(key)}?reference=${encodeURIComponent(asked.reference)}`,
        ),
        asked,
      ),
  };
};

/** The fields that the PG knows and no others, whatever else the caller's object holds. */
const money = ({ reference, amount, currency }: ChargeReference): ChargeReference => ({
  reference,
  amount,
  currency,
});
