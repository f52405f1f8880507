import type { Payment } from '../../shared/domain/payments/payment.ts';
import { backoffSince } from '../../shared/domain/timings.ts';
import type { NotSent } from '../../shared/gateway/payment-gateway.ts';
import type { Dependencies } from './dependencies.ts';

/** Asked out of turn, and the PG gave no answer. */
export class Unanswered extends Error {}

/** Nothing was done at the PG: the payment stays as it was, and is asked about again without having used up one of its inquiries. */
export class Unsent extends Error {
  readonly afterMs: number;

  constructor(message: string, afterMs: number) {
    super(message);
    this.afterMs = afterMs;
  }
}

/** What was not sent is tried again, ever less often the longer the payment has stood still. */
export const unsent = (
  { clock, timings }: Pick<Dependencies, 'clock' | 'timings'>,
  { updatedAt }: Payment,
  { reason }: NotSent,
): Unsent => new Unsent(`not sent: ${reason}`, backoffSince(updatedAt, clock.now(), timings));
