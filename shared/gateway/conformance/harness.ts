import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { ChargeLedger } from '../charge-list.ts';
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
export type Situation =
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
  | `refund-${RefundSituation}`;

/** What a PG can be made to do to the refunds of a charge that it approves at once. */
export type RefundSituation =
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
export const refundSituationOf = (situation: Situation | undefined): RefundSituation | undefined =>
  situation?.startsWith('refund-')
    ? (situation.slice('refund-'.length) as RefundSituation)
    : undefined;

/** What the PG's own books say about a reference, asked without the adapter. */
export interface PgBooks {
  /** How often it was asked for a charge. */
  readonly requests: number;
  readonly captured: readonly number[];
  /** How often it was asked for a refund. */
  readonly refundRequests: number;
  readonly refunded: readonly number[];
}

/** An adapter, and a PG (or its faithful stand-in) that it talks to over HTTP. */
export interface PgUnderTest {
  readonly url: string;
  readonly timeoutMs: number;
  /** Moves the adapter's deadline and the PG's clock. */
  readonly timers: ManualTimers;
  /** The payment method that makes the PG do it to this charge. */
  paymentMethod(situation: Situation, charge: ChargeReference): string;
  /** The PG's own code of a buyer without money. */
  readonly declineCode: string;
  /** What becomes of cancelling a charge that never reached the PG. */
  readonly cancelsUncharged: CancelOutcome['outcome'];
  /** Whether its answer to a charge says what of it was given back. */
  readonly saysRefundedOfCharge: boolean;
  /** Whether the PG can still be asked about a refund that it refused outright. */
  readonly remembersRefusedRefunds: boolean;
  /** Longer than the PG stays in progress, or late. */
  readonly settledAfterMs: number;
  /** The adapter, talking to `url` with `timeoutMs` and `timers`. */
  gatewayTo(url: string): PaymentGateway;
  /** The PG's own list at `url`, two at a time. */
  ledgerTo(url: string): ChargeLedger;
  books(reference: string): Promise<PgBooks>;
  close(): Promise<void>;
}

/** The adapter and its PG, of the test that runs, and requests that no other test made. */
export interface Bench {
  pg(): PgUnderTest;
  gateway(): PaymentGateway;
  aCharge(situation: Situation): ChargeRequest;
  aRefund(charge: ChargeRequest, amount: number): RefundRequest;
  /** A charge that the PG has approved. */
  charged(situation: 'approve' | `refund-${RefundSituation}`): Promise<ChargeRequest>;
  /** Done when the PG's own books say so of a reference, however busy the machine is. */
  untilBooked(reference: string, books: Partial<PgBooks>): Promise<void>;
  /** Sends a refund that the PG never answers, until time is up. */
  unanswered(refund: RefundRequest): Promise<RefundOutcome>;
}

/** Opens a PG for each test of the suite around it, and closes it after. */
export const benchOf = (open: () => Promise<PgUnderTest>): Bench => {
  let pg: PgUnderTest;

  beforeEach(async () => {
    pg = await open();
  });
  afterEach(() => pg.close());

  const gateway = () => pg.gatewayTo(pg.url);
  const aCharge: Bench['aCharge'] = (situation) => {
    const reference = `pay-${randomUUID()}`;
    const charge = { key: `chg:${reference}:1`, reference, amount: 12_500, currency: 'KRW' };

    return { ...charge, paymentMethod: pg.paymentMethod(situation, charge) };
  };

  const untilBooked: Bench['untilBooked'] = (reference, books) =>
    vi.waitFor(async () => expect(await pg.books(reference)).toMatchObject(books), {
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
    charged: async (situation) => {
      const charge = aCharge(situation);
      expect(await gateway().charge(charge)).toMatchObject({ outcome: 'approved' });

      return charge;
    },
    untilBooked,
    unanswered: async (refund) => {
      const pending = gateway().refund(refund);
      await untilBooked(refund.reference, { refundRequests: 1 });
      pg.timers.advance(pg.timeoutMs);

      return pending;
    },
  };
};
