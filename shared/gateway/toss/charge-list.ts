import {
  type ChargeEntry,
  type ChargeList,
  maxPageBytes,
  paginate,
  parsePage,
  sumByReference,
} from '../charge-list.ts';
import type { TossGatewayOptions } from './adapter.ts';
import { createTossClient } from './client.ts';
import { paymentPath } from './lookup.ts';
import { fundsOf } from './outcomes.ts';
import {
  type TossPayment,
  type TossTransaction,
  tossPaymentResponse,
  transactionListResponse,
} from './protocol.ts';

/** The date of the API version that we use: no payment of ours is older. */
const earliestDate = '2022-11-16T00:00:00';

const dayMs = 24 * 3_600_000;
const koreaOffsetMs = 9 * 3_600_000;

/**
 * Lists Toss's transactions: each approval and each cancellation is one. If a payment has more than a single
 * approval, reads the payment itself: a CANCELED transaction may be of money that was never captured.
 */
export const createTossChargeList = ({
  url,
  secretKey,
  timeoutMs,
  timers,
  exchange,
  pageSize = 1_000,
}: TossGatewayOptions & { readonly pageSize?: number }): ChargeList => {
  const { get } = createTossClient({
    url,
    secretKey,
    send: (request) => exchange({ ...request, timeoutMs, maxResponseBytes: maxPageBytes }, timers),
  });

  const transactions = (): AsyncIterable<TossTransaction> => {
    // Toss's clock may be ahead of ours, and its times have no time zone.
    const until = new Date(timers.now().getTime() + dayMs + koreaOffsetMs)
      .toISOString()
      .slice(0, 19);

    return paginate(async (after) => {
      const query = new URLSearchParams({
        startDate: earliestDate,
        endDate: until,
        limit: `${pageSize}`,
        ...(after && { startingAfter: after }),
      });
      const page = parsePage(await get(`/v1/transactions?${query}`), transactionListResponse);

      // Ends with an empty page: Toss may return fewer transactions than the limit on any page.
      return { items: page, next: page.at(-1)?.transactionKey };
    });
  };

  const entries = async function* (): AsyncIterable<ChargeEntry> {
    const payments = new Map<string, TossTransaction[]>();
    for await (const transaction of transactions()) {
      payments.set(transaction.paymentKey, [
        ...(payments.get(transaction.paymentKey) ?? []),
        transaction,
      ]);
    }
    for (const [paymentKey, [first, ...others]] of payments) {
      if (first?.status === 'DONE' && others.length === 0) {
        const { orderId: reference, currency, amount: captured } = first;
        yield { reference, currency, captured, refunded: 0 };
      } else {
        const found = await get(paymentPath(paymentKey));
        yield entryOf(parsePage(found, tossPaymentResponse));
      }
    }
  };

  return { charges: () => sumByReference(entries()) };
};

const entryOf = (payment: TossPayment): ChargeEntry => {
  const { orderId: reference, currency, totalAmount, cancels } = payment;
  const isCaptured = fundsOf(payment) === 'captured';
  const refunded = (cancels ?? [])
    .filter(({ cancelStatus = 'DONE' }) => isCaptured && cancelStatus === 'DONE')
    .reduce((sum, { cancelAmount }) => sum + cancelAmount, 0);

  return { reference, currency, captured: isCaptured ? totalAmount : 0, refunded };
};
