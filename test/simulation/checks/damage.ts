import {
  parseBalance,
  parseCoupon,
  parseProduct,
} from '../../../shared/persistence/external-item-schemas.ts';
import type { ExternalWrite, RunRecord } from '../run-record.ts';
import { compensationsOf, paymentsOf, refundsOf, sumOf } from './stored-items.ts';

type Item = Readonly<Record<string, unknown>>;

const isAccepted = (parse: (item: Item) => unknown, item: Item): boolean => {
  try {
    parse(item);

    return true;
  } catch {
    return false;
  }
};

/** How the items of each table that other systems write are named in bookings, and what makes them valid. */
const externalTables: Readonly<
  Record<
    string,
    { readonly targetOf: (item: Item) => string; readonly parse: (item: Item) => unknown }
  >
> = {
  Products: { targetOf: ({ sku }) => `STOCK#${sku}`, parse: parseProduct },
  Balances: { targetOf: ({ userId }) => `BALANCE#${userId}`, parse: parseBalance },
  Coupons: { targetOf: ({ couponId }) => `COUPON#${couponId}`, parse: parseCoupon },
};

const damagedTarget = ({ table, before, after }: ExternalWrite): string | undefined => {
  const external = externalTables[table];
  if (external === undefined || before === undefined) return undefined;
  const isValid = after !== undefined && isAccepted(external.parse, after);

  return isValid ? undefined : external.targetOf(before);
};

/** Whether another system deleted the item with this key. */
export const isDeleted = ({ externalWrites }: RunRecord, table: string, key: Item): boolean =>
  externalWrites.some(
    ({ before, after, ...write }) =>
      write.table === table &&
      after === undefined &&
      before !== undefined &&
      Object.entries(key).every(([name, value]) => before[name] === value),
  );

/** Whether another system deleted the item of a booking, or made it invalid for a while. */
export const isDamaged = ({ externalWrites }: RunRecord, target: string): boolean =>
  externalWrites.some((write) => damagedTarget(write) === target);

/** Whether the item of a booking is invalid now, because another system has not corrected it yet. */
export const isInvalidNow = ({ externalWrites }: RunRecord, target: string): boolean => {
  const last = externalWrites.findLast(
    ({ table, before, after }) => externalTables[table]?.targetOf(before ?? after ?? {}) === target,
  );

  return last !== undefined && damagedTarget(last) !== undefined;
};

/** The units or the money that one target lacks because these payments or refunds did not book it. */
export const skippedAmount = (
  entries: readonly { readonly skipped?: readonly SkippedDelta[] }[],
  target: string,
): number =>
  sumOf(entries, ({ skipped = [] }) =>
    sumOf(skipped, (booking) => (booking.target === target ? booking.delta : 0)),
  );

interface SkippedDelta {
  readonly target: string;
  readonly delta: number;
}

/** Every booking that was skipped, with the payment that it belongs to. */
export const skippedBookingsOf = (run: RunRecord) => [
  ...[...paymentsOf(run), ...refundsOf(run)].flatMap(({ paymentId, skipped = [] }) =>
    skipped.map(({ target, outcome }) => ({ paymentId, target, outcome })),
  ),
  ...compensationsOf(run).filter(
    ({ outcome }) => outcome === 'target-missing' || outcome === 'target-mismatch',
  ),
];
