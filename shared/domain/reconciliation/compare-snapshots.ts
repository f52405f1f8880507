import { buyerFindings, productFindings } from './balances.ts';
import { type OpenPayment, openPayments, strangerFindings } from './charges.ts';
import type { Finding } from './discrepancy.ts';
import { couponFindings, orderFindings } from './orders.ts';
import { paymentFindings } from './payments.ts';
import type { Counters, Histories, Positions } from './records.ts';
import { viewOf } from './snapshot.ts';
import { judgeable, unreadableFindings } from './unreadable-items.ts';

/** What three readings in a row say: where the histories stood, the counters, and the histories again. */
export interface Judgement {
  readonly findings: readonly Finding[];
  readonly open: readonly OpenPayment[];
}

/**
 * Holds everything that is counted against the payments' own journals, and the payments against the PG.
 *
 * Nothing is locked for it, so the readings are put together by the order in which they were made. A payment or an order that stood in
 * the same version before and after the counters were read stood there while they were read. A subject of which all payments and orders
 * did so is judged on one moment; of any other, nothing is said (`isStill`).
 */
export const judge = (before: Positions, counters: Counters, after: Histories): Judgement => {
  const view = viewOf(before, counters, after);
  const findings = [
    buyerFindings,
    productFindings,
    orderFindings,
    couponFindings,
    paymentFindings,
    strangerFindings,
  ].flatMap((findingsIn) => findingsIn(view));

  return {
    findings: [...judgeable(view, findings), ...unreadableFindings(view)],
    open: openPayments(view),
  };
};
