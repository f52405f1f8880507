import type { DeadlineOptions } from '../deadline.ts';
import type { ChargeReference, PaymentGateway } from '../payment-gateway.ts';
import {
  cancelOutcome,
  chargeOutcome,
  inquiryOutcome,
  refundInquiryOutcome,
  refundOutcome,
} from './outcomes.ts';

export interface SimulatorGatewayOptions extends DeadlineOptions {
  readonly url: string;
}

/**
 * The gateway simulator over HTTP. One call of the port is one request: the caller decides whether to retry.
 */
export const createSimulatorGateway = ({
  url,
  timeoutMs,
  timers,
  exchange,
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
    charge: async ({ key, paymentMethod, returnUrl, ...request }) =>
      chargeOutcome(
        await post('/charges', key, {
          ...requestFields(request),
          paymentMethod,
          ...(returnUrl !== undefined && { returnUrl }),
        }),
        request,
      ),
    inquire: async (request) =>
      inquiryOutcome(await get(`/charges/${encodeURIComponent(request.reference)}`), request),
    cancel: async ({ reference }) =>
      // The key is derived from the reference alone: repeated requests are one cancellation.
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

/** Only the fields of the simulator's contract: it rejects unknown fields. */
const requestFields = ({ reference, amount, currency }: ChargeReference): ChargeReference => ({
  reference,
  amount,
  currency,
});
