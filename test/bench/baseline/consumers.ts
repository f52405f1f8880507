import type { Payment } from '../../../shared/domain/payments/payment.ts';
import { replayPaymentEvent } from '../../../shared/domain/payments/payment-events.ts';
import { utcDayOf } from '../../../shared/domain/time.ts';
import type { PostJson } from '../../../shared/lambda/http-delivery.ts';
import type { RankingRepository } from '../../../shared/persistence/ranking-repository.ts';

export type CountSale = (completed: Payment) => Promise<unknown>;

/** Units sold by sku and day. */
export const createSaleCounter =
  (rankings: Pick<RankingRepository, 'count'>): CountSale =>
  ({ paymentId, version, updatedAt, reservation }) =>
    rankings.count({
      eventId: `${paymentId}-${version}`,
      day: utcDayOf(new Date(updatedAt)),
      eventTime: updatedAt,
      countedAt: updatedAt,
      units: (reservation?.lines ?? []).map(({ sku, quantity }) => ({
        sku,
        stockItem: sku,
        units: quantity,
      })),
    });

export type NotifySystem = (completed: Payment) => Promise<void>;

/** Delivers the event of a completed payment to an external system and waits for its response. */
export const createNotifier =
  (post: PostJson, url: string): NotifySystem =>
  async (completed) => {
    const { name: _, ...event } = replayPaymentEvent(completed, 'PaymentCompleted');
    const headers = { 'content-type': 'application/json', 'idempotency-key': event.id };

    await post({ url, headers, body: JSON.stringify(event) });
  };
