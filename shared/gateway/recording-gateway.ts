import { type GatewayCall, gatewayOperations } from '../domain/gateway-call.ts';
import type { NotSent, PaymentGateway } from './payment-gateway.ts';

type CallOutcome = { readonly outcome: GatewayCall['outcome']; readonly cause?: NotSent['cause'] };
type GatewayMethod = (request: unknown) => Promise<CallOutcome>;

/**
 * Wraps a gateway, or some of its methods, and calls `onCall` with operation, outcome and duration of each
 * call.
 */
export const withCallListener = <G extends Partial<PaymentGateway>>(
  gateway: G,
  onCall: (call: GatewayCall, result: CallOutcome) => void,
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

interface CallLog<G> {
  readonly gateway: G;
  /** Grows with each call. */
  readonly gatewayCalls: readonly GatewayCall[];
}

/** Wraps a gateway and logs its calls from now on. */
export const withCallLog = <G extends Partial<PaymentGateway>>(gateway: G): CallLog<G> => {
  const gatewayCalls: GatewayCall[] = [];

  return {
    gateway: withCallListener(gateway, (call) => gatewayCalls.push(call)),
    gatewayCalls,
  };
};
