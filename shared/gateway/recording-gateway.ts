import { type GatewayCall, gatewayOperations } from '../domain/gateway-call.ts';
import type { Clock } from '../domain/time.ts';
import type { NotSent, PaymentGateway } from './payment-gateway.ts';

type CallOutcome = { readonly outcome: GatewayCall['outcome']; readonly cause?: NotSent['cause'] };
type GatewayMethod = (request: unknown) => Promise<CallOutcome>;

interface CallListener {
  readonly clock: Clock;
  readonly onCall: (call: GatewayCall, result: CallOutcome) => void;
}

/**
 * Wraps a gateway, or some of its methods, and calls `onCall` with operation, outcome and duration of each
 * call. The duration is stored with the payment, so the given clock measures it.
 */
export const withCallListener = <G extends Partial<PaymentGateway>>(
  gateway: G,
  { clock, onCall }: CallListener,
): G => {
  const instrument =
    (operation: GatewayCall['operation'], method: GatewayMethod): GatewayMethod =>
    async (request) => {
      const startedAt = clock.now().getTime();
      const result = await method(request);
      const durationMs = clock.now().getTime() - startedAt;
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
export const withCallLog = <G extends Partial<PaymentGateway>>(
  gateway: G,
  clock: Clock,
): CallLog<G> => {
  const gatewayCalls: GatewayCall[] = [];

  return {
    gateway: withCallListener(gateway, { clock, onCall: (call) => gatewayCalls.push(call) }),
    gatewayCalls,
  };
};
