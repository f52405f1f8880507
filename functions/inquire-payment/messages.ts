import type { Context } from 'aws-lambda';
import type { Payments } from '../../shared/data/payments.ts';
import type { DomainEvent } from '../../shared/domain/events.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import type { Compare } from './compare.ts';
import type { Dependencies } from './dependencies.ts';
import type { Stepped, Wish } from './next-step.ts';

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
