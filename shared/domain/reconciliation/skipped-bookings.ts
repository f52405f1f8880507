import { stockPartsOf } from '../orders/stock-shards.ts';
import type { RestorationRecord } from './records.ts';
import type { PaymentAccount } from './snapshot.ts';

/** Min and max. */
type Range = readonly [number, number];

/** How far the counters of an item may differ from their expected values. */
interface Tolerance {
  readonly pending: Range;
  readonly done: Range;
}

const noTolerance: Tolerance = { pending: [0, 0], done: [0, 0] };

export const skipsOf = ({ skips }: PaymentAccount, of: RestorationRecord['of'], id: string) =>
  skips.filter((skip) => skip.of === of && skip.id === id);

const reservedAmount = (
  { payment: { reservation } }: PaymentAccount,
  of: RestorationRecord['of'],
  id: string,
) =>
  of === 'balance'
    ? (reservation?.balance ?? 0)
    : (reservation?.lines.flatMap(stockPartsOf).find(({ sku }) => sku === id)?.quantity ?? 0);

const plus = (a: Range, b: Range): Range => [a[0] + b[0], a[1] + b[1]];

/**
 * The differences that skipped bookings explain in the counters of one item: `pending` is held or reserved,
 * `done` is spent or sold. An operator may have corrected the item since, so each is a range from 0.
 */
const toleranceOf = (
  accounts: readonly PaymentAccount[],
  of: 'balance' | 'stock',
  id: string,
): Tolerance =>
  accounts
    .flatMap((account) =>
      skipsOf(account, of, id).map(({ during, delta }): Tolerance => {
        if (during === 'capture') return { pending: [0, delta], done: [-delta, 0] };
        if (during === 'refund') return { pending: [0, 0], done: [0, delta] };

        return { pending: [0, reservedAmount(account, of, id)], done: [0, 0] };
      }),
    )
    .reduce(
      (sum, each) => ({
        pending: plus(sum.pending, each.pending),
        done: plus(sum.done, each.done),
      }),
      noTolerance,
    );

interface Counted {
  readonly pending: number;
  readonly done: number;
}

/** An item's counters. */
interface Found extends Counted {
  readonly available: number;
  readonly total: number;
}

/**
 * Whether skipped bookings explain the counters of a balance or product. An item that was recorded as missing
 * may still be missing, or have been created again with new counters.
 */
export const isExplainedBySkips = (
  accounts: readonly PaymentAccount[],
  { of, id }: { readonly of: 'balance' | 'stock'; readonly id: string },
  found: Found | undefined,
  expected: Counted,
): boolean => {
  const skips = accounts.flatMap((account) => skipsOf(account, of, id));
  const wasMissing = skips.some(({ cause }) => cause === 'target-missing');
  if (found === undefined) return wasMissing;
  const { available, pending, done, total } = found;
  const { pending: pendingTolerance, done: doneTolerance } = toleranceOf(accounts, of, id);
  const isWithin = (value: number, around: number, [low, high]: Range) =>
    value >= (wasMissing ? 0 : Math.max(around + low, 0)) && value <= around + high;

  return (
    skips.length > 0 &&
    available >= 0 &&
    available + pending + done === total &&
    isWithin(pending, expected.pending, pendingTolerance) &&
    isWithin(done, expected.done, doneTolerance)
  );
};
