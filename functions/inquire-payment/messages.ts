import type { Context } from 'aws-lambda';
import type { Payments } from '../../shared/data/payments.ts';
import type { Payment } from '../../shared/domain/payment.ts';
import type { Dependencies } from './dependencies.ts';
import type { Stepped } from './next-step.ts';

/** What it takes to lead a message from step to step. */
export interface Messages extends Pick<Dependencies, 'clock' | 'timings'> {
  readonly payments: Pick<Payments, 'existing'>;
  readonly step: (
    payment: Payment,
    context: Context,
  ) => Promise<{ readonly value: Stepped; readonly replayed: boolean }>;
}
