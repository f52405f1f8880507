import { reconcile } from '../../../shared/application/reconciliation/reconcile.ts';
import type { Database } from '../../../shared/config/platform.ts';
import type { Discrepancy } from '../../../shared/domain/reconciliation/discrepancy.ts';
import type { GatewayCharge } from '../../../shared/domain/reconciliation/records.ts';
import {
  createReconciliationReader,
  reconciledTables,
} from '../../../shared/persistence/reconciliation-reader.ts';
import type { RunRecord } from '../run-record.ts';
import type { Check } from './check.ts';
import { isDeleted } from './damage.ts';
import { isKnownDifference } from './known-differences.ts';
import { capturesOf } from './one-capture.ts';
import { paymentsOf } from './stored-items.ts';

type ReconciledTables = Parameters<typeof createReconciliationReader>[0]['tables'];

const tableNames = Object.fromEntries(
  reconciledTables.map((name) => [name, `${name.charAt(0).toUpperCase()}${name.slice(1)}`]),
) as unknown as ReconciledTables;

/** Answers the scans of the reader with all stored items. */
const scansOf = ({ tables }: RunRecord): Database => {
  const send = async ({ input }: { readonly input: { readonly TableName: string } }) => ({
    Items: tables.items(input.TableName),
  });

  return { send } as unknown as Database;
};

/** The gateway's list of charges. */
const chargesOf = async function* ({ gateway }: RunRecord, currency: string) {
  for (const reference of gateway.references()) {
    const { captures, captured, refunded } = gateway.truthOf(reference);
    if (captures > 0) yield { reference, currency, captures, captured, refunded } as GatewayCharge;
  }
};

/** A product or coupon that another system deleted after it was sold or used has no item to compare. */
const isOfDeleted = (run: RunRecord, { id, kind }: Discrepancy): boolean => {
  if (kind === 'product') return isDeleted(run, 'Products', { sku: id });
  const [userId, couponId] = id.split('/');

  return kind === 'coupon' && isDeleted(run, 'Coupons', { userId, couponId });
};

const isKnown = (
  run: RunRecord,
  discrepancy: Discrepancy,
  all: readonly Discrepancy[],
): boolean => {
  const { id, kind, check, difference } = discrepancy;
  if (isOfDeleted(run, discrepancy)) return true;
  const payment = paymentsOf(run).find(({ paymentId }) => paymentId === id);
  if (kind !== 'payment' || payment === undefined) return false;
  if (check === 'gateway balance') return isKnownDifference(run, payment, difference);
  if (check !== 'gateway captures') return false;
  const balance = all.find((other) => other.id === id && other.check === 'gateway balance');

  // The balance shows by how much another capture differs. Without a difference all of them are refunded: then only
  // captures after declines are known, one of each attempt.
  return balance === undefined ? capturesOf(run, payment) <= 1 : isKnown(run, balance, all);
};

/**
 * The one check that is not independent: it runs what operators run. Skipped bookings explain a discrepancy, and
 * another check explains these.
 */
export const reconciliation: Check = {
  name: 'reconciliation',
  property:
    'The reconciliation of the service finds that all stored items agree with each other and with the gateway.',
  invariants: [2, 3, 4, 8],
  atEnd: async (run) => {
    const [currency = 'KRW'] = paymentsOf(run).map((payment) => payment.currency);
    const { discrepancies, unstable } = await reconcile(
      createReconciliationReader({
        db: scansOf(run),
        tables: tableNames,
        charges: () => chargesOf(run, currency),
      }),
    );

    return [
      ...discrepancies
        .filter((discrepancy) => !isKnown(run, discrepancy, discrepancies))
        .map(
          ({ kind, id, check, found, expected }) =>
            `${kind} ${id}: ${check} is ${found}, expected ${expected}`,
        ),
      ...unstable.map(({ kind, id }) => `${kind} ${id} is unstable`),
    ];
  },
};
