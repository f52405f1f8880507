import { type GatewayCall, gatewayOperations } from '../domain/gateway-call.ts';
import type { NotSent, PaymentGateway } from './payment-gateway.ts';

type CallOutcome = { readonly outcome: GatewayCall['outcome']; readonly cause?: NotSent['cause'] };
type GatewayMethod = (request: unknown) => Promise<CallOutcome>;

/** The same gateway, or as much of one, that tells of each request: what was asked, how it ended and how long that took. */
export const withCallListener = <G extends Partial<PaymentGateway>>(
  gateway: G,
  onCall: (asked: GatewayCall, result: CallOutcome) => void,
): G => {
  const instrument =
    (operation: GatewayCall['operation'], method: GatewayMethod): GatewayMethod =>
    async (request) => {
      const startedAt = performance.now();
      const result = await method(request);
      const durationMs = Math.round(performance.now() - startedAt);
      onCall({ operation, outcome: result.outcome, durationMs }, result);

      return result;
    };
  const calls = gatewayOperations.flatMap((operation) => {
    const call = gateway[operation] as GatewayMethod | undefined;

    return call
      ? [[operation, instrument(operation, (request) => call.call(gateway, request))]]
      : [];
  });

  return Object.fromEntries(calls) as G;
};

/** The same gateway, and the list of what it is asked from now on. */
export const withCallLog = <G extends Partial<PaymentGateway>>(gateway: G) => {
  const gatewayCalls: GatewayCall[] = [];

  return {
    gateway: withCallListener(gateway, (call) => gatewayCalls.push(call)),
    gatewayCalls,
  };
};
