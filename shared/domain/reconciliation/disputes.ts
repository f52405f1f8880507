import type { Dispute } from '../payments/payment.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * A payment that its buyer has disputed. The gateway does not count the disputed amount as refunded, so it is listed
 * and compared with nothing.
 */
export interface DisputedPayment {
  readonly paymentId: string;
  readonly disputeId: string;
  readonly status: Dispute['status'];
  /** The disputed amount, in minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  /** ISO 8601. */
  readonly openedAt: string;
}

/** The disputed payments, open ones first. */
export const disputedPayments = ({ accounts }: Pick<Snapshot, 'accounts'>): DisputedPayment[] =>
  accounts
    .flatMap(({ payment: { paymentId, currency, dispute } }) => {
      if (dispute === undefined) return [];
      const { id: disputeId, status, amount, openedAt } = dispute;

      return [{ paymentId, disputeId, status, amount, currency, openedAt }];
    })
    .toSorted((a, b) => Number(b.status === 'open') - Number(a.status === 'open'));
