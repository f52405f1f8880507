import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { ReservedLine } from '../../domain/orders/stock-shards.ts';
import { type SaleEventName, storedEventOf } from '../../domain/outbox/stored-event.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { RefundRepository } from '../../persistence/refund-repository.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly refunds: Pick<RefundRepository, 'find'>;
}

/** A sale, or the return of its units or money, as the payment or refund has it. */
export interface ConfirmedSale<N extends SaleEventName = SaleEventName> {
  readonly event: DomainEvent<N>;
  /** The units, and of a sale the stock items that they are from. */
  readonly lines: readonly ReservedLine[];
}

/**
 * Reads the payment or refund of a received event, with strong consistency, and returns what it says. A consumer
 * that credits something uses this and no value of the event, because anyone who may publish can send an event.
 * Throws EventMismatchError if the payment or refund does not have the event.
 */
export const createConfirmSale =
  ({ payments, refunds }: Dependencies) =>
  async <N extends SaleEventName>(received: DomainEvent<N>): Promise<ConfirmedSale<N>> => {
    const { name, subject } = received;
    const record =
      name === 'RefundCompleted' ? await refunds.find(subject) : await payments.find(subject);
    const event = storedEventOf(received, record);
    const reserved = record && 'reservation' in record ? record.reservation?.lines : undefined;

    return { event, lines: reserved ?? event.data.lines };
  };
