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

/** What a PG can be made to do; an adapter's own test says how: see `paymentMethod`. */
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
  | `refund-${RefundScenario}`;

/** What a PG can be made to do to the refunds of a charge that it approves at once. */
export type RefundScenario =
  | 'decline'
  /** The first request of a key is lost, the second is not. */
  | 'timeout-before-effect'
  | 'timeout-after-effect'
  | 'error-after-effect'
  | 'garbage-after-effect'
  | 'unlisted-code'
  | 'in-progress'
  | 'late';

/** What becomes of the refunds of a charge in this situation, where that is what the situation is about. */
export const refundScenarioOf = (
  scenario: GatewayScenario | undefined,
): RefundScenario | undefined =>
  scenario?.startsWith('refund-')
    ? (scenario.slice('refund-'.length) as RefundScenario)
    : undefined;

/** What the PG's own books say about a reference, asked without the adapter. */
export interface GatewayState {
  /** How often it was asked for a charge. */
  readonly requests: number;
  readonly captured: readonly number[];
  /** How often it was asked for a refund. */
  readonly refundRequests: number;
  readonly refunded: readonly number[];
}

/** An adapter, and a PG (or its faithful stand-in) that it talks to over HTTP. */
export interface GatewayUnderTest {
  readonly url: string;
  readonly timeoutMs: number;
  /** Moves the adapter's deadline and the PG's clock. */
  readonly timers: ManualTimers;
  /** The payment method that makes the PG do it to this charge. */
  paymentMethod(situation: GatewayScenario, charge: ChargeReference): string;
  /** The PG's own code of a buyer without money. */
  readonly declineCode: string;
  /** What becomes of cancelling a charge that never reached the PG. */
  readonly unchargedCancelOutcome: CancelOutcome['outcome'];
  /** Whether its answer to a charge says what of it was given back. */
  readonly reportsRefundedOnCharge: boolean;
  /** Whether the PG can still be asked about a refund that it refused outright. */
  readonly keepsDeclinedRefunds: boolean;
  /** Longer than the PG stays in progress, or late. */
  readonly settledAfterMs: number;
  /** The adapter, talking to `url` with `timeoutMs` and `timers`. */
  gatewayAt(url: string): PaymentGateway;
  /** The PG's own list at `url`, two at a time. */
  chargeListAt(url: string): ChargeList;
  readState(reference: string): Promise<GatewayState>;
  close(): Promise<void>;
}

/** The adapter and its PG, of the test that runs, and requests that no other test made. */
export interface Harness {
  pg(): GatewayUnderTest;
  gateway(): PaymentGateway;
  aCharge(situation: GatewayScenario): ChargeRequest;
  aRefund(charge: ChargeRequest, amount: number): RefundRequest;
  /** A charge that the PG has approved. */
  approvedCharge(situation: 'approve' | `refund-${RefundScenario}`): Promise<ChargeRequest>;
  /** Done when the PG's own books say so of a reference, however busy the machine is. */
  waitForState(reference: string, books: Partial<GatewayState>): Promise<void>;
  /** Sends a refund that the PG never answers, until time is up. */
  refundUntilTimeout(refund: RefundRequest): Promise<RefundOutcome>;
}

/** Opens a PG for each test of the suite around it, and closes it after. */
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
