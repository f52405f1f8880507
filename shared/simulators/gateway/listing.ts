import { type Account, type Charge, capturedBy } from './account.ts';
import { paidBack } from './refund-amounts.ts';
import type { Refund } from './refunds.ts';

/** What was moved, and nothing that was only tried: one entry in `charges` is money captured once. */
export interface Listing {
  readonly counts: {
    /** How often a charge was asked for, retries and refusals included. */
    readonly requests: number;
    /** The same of refunds. */
    readonly refundRequests: number;
    readonly charges: number;
    readonly refunds: number;
  };
  readonly charges: readonly CapturedCharge[];
  readonly refunds: readonly PaidRefund[];
  /** Of a page: the reference after which there are more. */
  readonly next?: string;
}

type CapturedCharge = Pick<
  Charge,
  'key' | 'transactionId' | 'amount' | 'currency' | 'paymentMethod'
> & { readonly reference: string; readonly capturedAt: string };

type PaidRefund = Pick<Refund, 'key' | 'refundId' | 'amount' | 'currency'> & {
  readonly reference: string;
  readonly refundedAt: string;
};

interface Page {
  /** References, not lines. */
  readonly limit: number;
  readonly after: string;
}

/** So many accounts after a reference, in their order. */
export const pageOf = (
  accounts: readonly Account[],
  { limit, after }: Page,
  now: number,
): Listing => {
  const rest = accounts
    .filter(({ reference }) => reference > after)
    .sort((a, b) => (a.reference < b.reference ? -1 : 1));
  const page = rest.slice(0, limit);
  const last = page.at(-1);

  return { ...listing(page, now), ...(last && rest.length > limit && { next: last.reference }) };
};

export const listing = (accounts: readonly Account[], now: number): Listing => {
  const charges = accounts.flatMap((account) =>
    capturedBy(account, now).map((each) => captured(account.reference, each)),
  );
  const refunds = accounts.flatMap((account) =>
    paidBack(account, now).map((each) => refunded(account.reference, each)),
  );
  const requests = accounts.reduce((total, account) => total + account.requests, 0);
  const refundRequests = accounts.flatMap(({ refundKeys }) => refundKeys).length;

  return {
    counts: { requests, refundRequests, charges: charges.length, refunds: refunds.length },
    charges,
    refunds,
  };
};

const captured = (
  reference: string,
  { key, transactionId, amount, currency, paymentMethod, settlesAt }: Charge,
): CapturedCharge => ({
  reference,
  key,
  transactionId,
  amount,
  currency,
  paymentMethod,
  capturedAt: new Date(settlesAt).toISOString(),
});

const refunded = (
  reference: string,
  { key, refundId, amount, currency, settlesAt }: Refund,
): PaidRefund => ({
  reference,
  key,
  refundId,
  amount,
  currency,
  refundedAt: new Date(settlesAt).toISOString(),
});
