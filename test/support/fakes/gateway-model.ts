import type {
  ChargeRequest,
  InquiryOutcome,
  NotSent,
  PaymentGateway,
} from '../../../shared/gateway/payment-gateway.ts';
import { declined } from '../builders/gateway-outcomes.ts';

/** The fate of a request: not sent, lost, answered, or answered with the response lost. */
export type RequestFate = 'not-sent' | 'lost' | 'answered' | 'response-lost';

/** What a charge request leads to. A waiting charge is decided by its buyer. */
type ChargeEffect = 'captured' | 'declined' | 'waiting';

interface Charge {
  readonly reference: string;
  readonly amount: number;
  /** A buyer who refuses declines a waiting charge; the gateway shows that. */
  readonly status: ChargeEffect | 'refused' | 'cancelled';
}

interface Refund {
  readonly reference: string;
  readonly amount: number;
}

const at = '2026-03-14T12:00:00.000Z';
const sum = (moved: readonly { readonly amount: number }[]) =>
  moved.reduce((total, { amount }) => total + amount, 0);

const cancelledCharge = { ...declined, code: 'canceled', isCancelled: true } as const;

/**
 * A minimal gateway: idempotency keys, references that can be closed, and a network whose faults the test
 * chooses.
 */
export const createGatewayModel = (
  fateOf: () => RequestFate,
  effectOf: (reference: string) => ChargeEffect = () => 'captured',
) => {
  const charges = new Map<string, Charge>();
  const refunds = new Map<string, Refund>();
  const closed = new Set<string>();
  const chargesOf = (reference: string, status: Charge['status']) =>
    [...charges.values()].filter((each) => each.reference === reference && each.status === status);
  const capturedFor = (reference: string) => chargesOf(reference, 'captured');
  const refundedOf = (reference: string) =>
    [...refunds.values()].filter((each) => each.reference === reference);
  const amountsOf = (reference: string) => ({
    captured: sum(capturedFor(reference)),
    refunded: sum(refundedOf(reference)),
  });
  const moveCharges = (reference: string, from: Charge['status'], to: Charge['status']) => {
    for (const [key, charge] of charges) {
      if (charge.reference === reference && charge.status === from)
        charges.set(key, { ...charge, status: to });
    }
  };

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

  const answerTo = ({ status, reference }: Charge, transactionId: string) => {
    switch (status) {
      case 'captured':
        return { outcome: 'approved', transactionId, approvedAt: at } as const;
      case 'waiting':
        return { outcome: 'requires-action', url: `https://bank.example/${reference}` } as const;
      case 'cancelled':
        return cancelledCharge;
      case 'refused':
      case 'declined':
        return declined;
    }
  };

  const gateway: PaymentGateway = {
    charge: ({ key, reference, amount }: ChargeRequest) =>
      send(() => {
        const status = closed.has(reference) ? 'declined' : effectOf(reference);
        const made = charges.get(key) ?? { reference, amount, status };
        charges.set(key, made);

        return answerTo(made, key);
      }),
    inquire: ({ reference }) =>
      send((): InquiryOutcome => {
        const found = (['captured', 'waiting', 'refused', 'cancelled'] as const).flatMap((status) =>
          chargesOf(reference, status),
        );

        if (found[0] === undefined) return { outcome: 'not-found' };
        const answer = answerTo(found[0], reference);

        return answer.outcome === 'approved' ? { ...answer, ...amountsOf(reference) } : answer;
      }),
    cancel: ({ reference }) =>
      send(() => {
        if (capturedFor(reference).length > 0) {
          return { outcome: 'already-captured', transactionId: reference };
        }
        closed.add(reference);
        moveCharges(reference, 'waiting', 'cancelled');

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
    /** The buyer approves or refuses what waits. */
    decide: (reference: string, decision: 'captured' | 'refused') =>
      moveCharges(reference, 'waiting', decision),
    /** The bank lets the buyer approve a charge after its cancellation, as `sim_challenge_late` does. */
    approveLate: (reference: string) => moveCharges(reference, 'cancelled', 'captured'),
    /** Captured and refunded amounts of a reference. */
    stateOf: (reference: string) => ({
      captured: capturedFor(reference).map(({ amount }) => amount),
      refunded: refundedOf(reference).map(({ amount }) => amount),
    }),
  };
};
