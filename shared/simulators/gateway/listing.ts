import {
  type SimulatorAccount,
  type SimulatorCharge,
  type SimulatorRefund,
  settledCaptures,
  settledRefunds,
} from './account.ts';

/** The money that moved: one entry in `charges` is one capture. Attempts without effect are only counted. */
export interface Listing {
  readonly counts: {
    /** The number of charge requests, retries and rejections included. */
    readonly requests: number;
    /** The number of refund requests, counted the same way. */
    readonly refundRequests: number;
    readonly charges: number;
    readonly refunds: number;
  };
  readonly charges: readonly CapturedCharge[];
  readonly refunds: readonly SettledRefund[];
  /** The cursor of the next page: the last reference of this one. Absent on the last page. */
  readonly next?: string;
}

type CapturedCharge = Pick<
  SimulatorCharge,
  'key' | 'transactionId' | 'amount' | 'currency' | 'paymentMethod'
> & { readonly reference: string; readonly capturedAt: string };

type SettledRefund = Pick<SimulatorRefund, 'key' | 'refundId' | 'amount' | 'currency'> & {
  readonly reference: string;
  readonly refundedAt: string;
};

interface PageRequest {
  /** The number of references, not of entries. */
  readonly limit: number;
  readonly after: string;
}

/** The page of accounts after a reference, ordered by reference. */
export const listPage = (
  accounts: readonly SimulatorAccount[],
  { limit, after }: PageRequest,
  now: number,
): Listing => {
  const rest = accounts
    .filter(({ reference }) => reference > after)
    .sort((a, b) => (a.reference < b.reference ? -1 : 1));
  const page = rest.slice(0, limit);
  const last = page.at(-1);

  return {
    ...listMovements(page, now),
    ...(last && rest.length > limit && { next: last.reference }),
  };
};

export const listMovements = (accounts: readonly SimulatorAccount[], now: number): Listing => {
  const charges = accounts.flatMap((account) =>
    settledCaptures(account, now).map((each) => toCapturedCharge(account.reference, each)),
  );
  const refunds = accounts.flatMap((account) =>
    settledRefunds(account, now).map((each) => toSettledRefund(account.reference, each)),
  );
  const requests = accounts.reduce((total, account) => total + account.requests, 0);
  const refundRequests = accounts.flatMap(({ refundKeys }) => refundKeys).length;

  return {
    counts: { requests, refundRequests, charges: charges.length, refunds: refunds.length },
    charges,
    refunds,
  };
};

const toCapturedCharge = (
  reference: string,
  { key, transactionId, amount, currency, paymentMethod, settlesAt }: SimulatorCharge,
): CapturedCharge => ({
  reference,
  key,
  transactionId,
  amount,
  currency,
  paymentMethod,
  capturedAt: new Date(settlesAt).toISOString(),
});

const toSettledRefund = (
  reference: string,
  { key, refundId, amount, currency, settlesAt }: SimulatorRefund,
): SettledRefund => ({
  reference,
  key,
  refundId,
  amount,
  currency,
  refundedAt: new Date(settlesAt).toISOString(),
});
