import { type Account, type Charge, capturedBy, paidBack, type Refund } from './account.ts';

/** What was moved, and nothing that was only tried: one entry in `charges` is money captured once. */
export interface Listing {
  readonly counts: {
    /** How often a charge was asked for, retries and refusals included. */
    readonly requests: number;
    readonly charges: number;
    readonly refunds: number;
  };
  readonly charges: readonly CapturedCharge[];
  readonly refunds: readonly PaidRefund[];
}

type CapturedCharge = Pick<
  Charge,
  'key' | 'transactionId' | 'amount' | 'currency' | 'paymentMethod'
> & { readonly reference: string; readonly capturedAt: string };

type PaidRefund = Pick<Refund, 'key' | 'refundId' | 'amount' | 'currency'> & {
  readonly reference: string;
  readonly refundedAt: string;
};

export const listing = (accounts: readonly Account[], now: number): Listing => {
  const charges = accounts.flatMap((account) =>
    capturedBy(account, now).map((each) => captured(account.reference, each)),
  );
  const refunds = accounts.flatMap((account) =>
    paidBack(account).map((each) => refunded(account.reference, each)),
  );
  const requests = accounts.reduce((total, account) => total + account.requests, 0);

  return {
    counts: { requests, charges: charges.length, refunds: refunds.length },
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
  { key, refundId, amount, currency, at }: Refund,
): PaidRefund => ({
  reference,
  key,
  refundId,
  amount,
  currency,
  refundedAt: new Date(at).toISOString(),
});
