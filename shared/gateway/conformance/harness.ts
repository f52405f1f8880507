import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { ChargeList } from '../charge-list.ts';
import type {
  CancelOutcome,
  ChargeReference,
  ChargeRequest,
  PaymentGateway,
  RefundOutcome,
  RefundRequest,
} from '../payment-gateway.ts';
import type { ManualTimers } from './manual-timers.ts';

/** What a gateway can be made to do with a charge. The adapter's own test defines how: see `paymentMethod`. */
export type GatewayScenario =
  | 'approve'
  | 'decline'
  | 'timeout-before-effect'
  | 'timeout-after-effect'
  | 'error-after-effect'
  | 'garbage-after-effect'
  | 'unlisted-code'
  | 'wrong-amount'
  | 'in-progress'
  | 'late-approve'
  | ChallengeScenario
  | `refund-${RefundScenario}`;

/** The gateway asks the buyer to authenticate, such as by 3-D Secure, and the buyer does so. */
export type ChallengeScenario = 'challenge-approve' | 'challenge-decline' | 'challenge-abandon';

/** What a gateway can be made to do with the refunds of a charge that it approves immediately. */
type RefundScenario =
  | 'decline'
  /** Only the first request of a key is lost. */
  | 'timeout-before-effect'
  | 'timeout-after-effect'
  | 'error-after-effect'
  | 'garbage-after-effect'
  | 'unlisted-code'
  | 'in-progress'
  | 'late';

/** The gateway's own state of a reference, read without the adapter. */
export interface GatewayState {
  /** The number of charge requests. */
  readonly requests: number;
  readonly captured: readonly number[];
  /** The number of refund requests. */
  readonly refundRequests: number;
  readonly refunded: readonly number[];
}

/** What the buyer does on the page of a challenge. */
export type ChallengeDecision = 'approve' | 'decline';

/** Whether a charge can wait for the buyer's authentication, and how the buyer finishes it. */
type ChallengeSupport =
  | { readonly hasChallenge: false }
  | {
      readonly hasChallenge: true;
      /** The buyer opens the page of the charge and decides. Also resolves if the charge takes no decision any more. */
      decideChallenge(reference: string, url: string, decision: ChallengeDecision): Promise<void>;
    };

/** What the buyer's page is given to open the gateway's window. */
export type WindowAction = Pick<ChargeReference, 'reference' | 'amount' | 'currency'>;

/** An adapter and a gateway, or a model of it, that the adapter calls over HTTP. */
export type GatewayUnderTest = GatewayEndpoint & ChallengeSupport;

interface GatewayEndpoint {
  readonly url: string;
  readonly timeoutMs: number;
  /** The timers of the adapter's deadline and the gateway's clock. */
  readonly timers: ManualTimers;
  /** The payment method that triggers the scenario for this charge. */
  paymentMethod(scenario: GatewayScenario, charge: ChargeReference): string;
  /** The gateway's own code for insufficient funds. */
  readonly declineCode: string;
  /** The outcome of cancelling a charge that never reached the gateway. */
  readonly unchargedCancelOutcome: CancelOutcome['outcome'];
  /** Whether the response to a charge has the refunded amount. */
  readonly reportsRefundedOnCharge: boolean;
  /** Whether an inquiry finds a refund that was declined immediately. */
  readonly keepsDeclinedRefunds: boolean;
  /** Whether the gateway refuses to charge a reference again that is paid. */
  readonly refusesPaidReferences?: boolean;
  /** Longer than a charge or refund stays in progress or hidden. */
  readonly settledAfterMs: number;
  /** The adapter for `url`, with `timeoutMs` and `timers`. */
  gatewayAt(url: string): PaymentGateway;
  /** The charge list at `url`, with pages of two. */
  chargeListAt(url: string): ChargeList;
  readState(reference: string): Promise<GatewayState>;
  /**
   * The buyer pays in the gateway's window, opened with what the API returns for this charge: the payment method that
   * it gives. Absent if it has none.
   */
  openWindow?(charge: WindowAction): Promise<string>;
  close(): Promise<void>;
}

/** The adapter and gateway of the current test, and unique requests. */
export interface Harness {
  pg(): GatewayUnderTest;
  gateway(): PaymentGateway;
  aCharge(scenario: GatewayScenario): ChargeRequest;
  aRefund(charge: ChargeRequest, amount: number): RefundRequest;
  /** A charge that the gateway has approved. */
  approvedCharge(scenario: 'approve' | `refund-${RefundScenario}`): Promise<ChargeRequest>;
  /** Waits until the gateway's own state of a reference matches. */
  waitForState(reference: string, state: Partial<GatewayState>): Promise<void>;
  /** Sends a refund that the gateway never answers, and lets it time out. */
  refundUntilTimeout(refund: RefundRequest): Promise<RefundOutcome>;
}

/** Opens a gateway before each test of the suite, and closes it after. */
export const createHarness = (open: () => Promise<GatewayUnderTest>): Harness => {
  let pg: GatewayUnderTest;

  beforeEach(async () => {
    pg = await open();
  });
  afterEach(() => pg.close());

  const gateway = () => pg.gatewayAt(pg.url);
  const aCharge: Harness['aCharge'] = (scenario) => {
    const reference = `pay-${randomUUID()}`;
    const charge = { key: `chg:${reference}:1`, reference, amount: 12_500, currency: 'KRW' };

    return { ...charge, paymentMethod: pg.paymentMethod(scenario, charge) };
  };

  const waitForState: Harness['waitForState'] = (reference, state) =>
    vi.waitFor(async () => expect(await pg.readState(reference)).toMatchObject(state), {
      timeout: 20_000,
    });

  return {
    pg: () => pg,
    gateway,
    aCharge,
    aRefund: ({ reference, currency }, amount) => ({
      key: `rfd:${randomUUID()}`,
      reference,
      amount,
      currency,
    }),
    approvedCharge: async (scenario) => {
      const charge = aCharge(scenario);
      expect(await gateway().charge(charge)).toMatchObject({ outcome: 'approved' });

      return charge;
    },
    waitForState,
    refundUntilTimeout: async (refund) => {
      const pending = gateway().refund(refund);
      await waitForState(refund.reference, { refundRequests: 1 });
      pg.timers.advance(pg.timeoutMs);

      return pending;
    },
  };
};
