import type { NotSent, PaymentGateway } from '../../../shared/gateway/payment-gateway.ts';
import { declined } from '../builders/gateway-outcomes.ts';

/** The fate of a request: not sent, lost, answered, or answered with the response lost. */
export type RequestFate = 'not-sent' | 'lost' | 'answered' | 'response-lost';

interface Charge {
  readonly reference: string;
  readonly amount: number;
  readonly wasDeclined: boolean;
}

interface Refund {
  readonly reference: string;
  readonly amount: number;
}

const at = '2026-03-14T12:00:00.000Z';
const sum = (moved: readonly { readonly amount: number }[]) =>
  moved.reduce((total, { amount }) => total + amount, 0);

/**
 * A minimal gateway: idempotency keys, references that can be closed, and a network whose faults the test
 * chooses.
 */
export const createGatewayModel = (
  fateOf: () => RequestFate,
  isDeclined: (reference: string) => boolean = () => false,
) => {
  const charges = new Map<string, Charge>();
  const refunds = new Map<string, Refund>();
  const closed = new Set<string>();
  const capturedFor = (reference: string) =>
    [...charges.values()].filter((each) => each.reference === reference && !each.wasDeclined);
  const refundedOf = (reference: string) =>
    [...refunds.values()].filter((each) => each.reference === reference);

  /** Applies the fate: whether the request takes effect and whether its response arrives. */
  const send = async <Outcome>(
    effect: () => Outcome,
  ): Promise<Outcome | NotSent | { outcome: 'ambiguous'; reason: string }> => {
    const fate = fateOf();
    if (fate === 'not-sent') return { outcome: 'not-sent', reason: 'refused' };
    const outcome = fate === 'lost' ? undefined : effect();
    if (outcome === undefined || fate === 'response-lost') {
      return { outcome: 'ambiguous', reason: 'timeout' };
    }

    return outcome;
  };

  const gateway: PaymentGateway = {
    charge: ({ key, reference, amount }) =>
      send(() => {
        const wasDeclined = closed.has(reference) || isDeclined(reference);
        const made = charges.get(key) ?? { reference, amount, wasDeclined };
        charges.set(key, made);

        return made.wasDeclined
          ? declined
          : { outcome: 'approved', transactionId: key, approvedAt: at };
      }),
    inquire: ({ reference }) =>
      send(() => {
        const [captured] = capturedFor(reference);

        return captured
          ? { outcome: 'approved', transactionId: reference, approvedAt: at }
          : { outcome: 'not-found' };
      }),
    cancel: ({ reference }) =>
      send(() => {
        if (capturedFor(reference).length > 0) {
          return { outcome: 'already-captured', transactionId: reference };
        }
        closed.add(reference);

        return { outcome: 'cancelled' };
      }),
    refund: ({ key, reference, amount }) =>
      send(() => {
        const left = sum(capturedFor(reference)) - sum(refundedOf(reference));
        if (!refunds.has(key) && amount > left) {
          return { outcome: 'declined', code: 'refund_exceeds_captured', reason: 'no' };
        }
        refunds.set(key, refunds.get(key) ?? { reference, amount });

        return { outcome: 'refunded', refundId: key, refundedAt: at };
      }),
    inquireRefund: ({ key }) =>
      send(() =>
        refunds.has(key)
          ? { outcome: 'refunded', refundId: key, refundedAt: at }
          : { outcome: 'not-found' },
      ),
  };

  return {
    gateway,
    /** Captured and refunded amounts of a reference. */
    stateOf: (reference: string) => ({
      captured: capturedFor(reference).map(({ amount }) => amount),
      refunded: refundedOf(reference).map(({ amount }) => amount),
    }),
  };
};
