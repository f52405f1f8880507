import type { Context } from 'aws-lambda';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Payments } from '../../shared/persistence/payment-repository.ts';
import type { Compare } from './compare-with-gateway.ts';
import type { Dependencies } from './dependencies.ts';
import type { Stepped, Wish } from './inquire-once.ts';

/** What it takes to lead a message from step to step. */
export interface Messages extends Pick<Dependencies, 'clock' | 'timings'> {
  readonly payments: Pick<Payments, 'existing' | 'hint' | 'reserveInquiry'>;
  readonly compare: Compare;
  readonly step: (
    wish: Wish,
    context: Context,
  ) => Promise<{ readonly value: Stepped; readonly replayed: boolean }>;
}

/** A message, and the payment that it is about as it was read when the message came. */
export interface Came {
  readonly payment: Payment;
  readonly event: Pick<DomainEvent, 'id' | 'time'>;
  readonly context: Context;
}
