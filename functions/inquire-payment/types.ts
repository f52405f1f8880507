import type { Context } from 'aws-lambda';
import type {
  createRecordEvidence,
  RecordChargeOutcome,
} from '../../shared/application/payments/record-charge-outcome.ts';
import type { DifferenceOutcome } from '../../shared/application/reviews/difference-reviews.ts';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import type { InquiryRequest } from '../../shared/domain/payments/inquiry-request.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { Timings } from '../../shared/domain/timings.ts';
import type { PaymentGateway } from '../../shared/gateway/payment-gateway.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';

/** What an inquiry needs of the world; tests bring their own. */
export interface InquireOnceDependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire' | 'cancel' | 'refund' | 'inquireRefund'>;
  readonly record: RecordChargeOutcome;
  /** Keeps beside the payment what moves nothing. */
  readonly recordEvidence: ReturnType<typeof createRecordEvidence>;
  readonly payments: Pick<PaymentRepository, 'recordHint' | 'reschedule' | 'tryLease'>;
  readonly clock: Clock;
  readonly timings: Timings;
}

/** What the PG said, where it moves nothing. */
export interface Observation {
  readonly observation: string;
  /** The PG gave no answer, and nothing else asks it again soon. */
  readonly hasNoAnswer?: boolean;
  /** The PG has the money. It must not be forgotten, whatever becomes of the payment next. */
  readonly isCaptured?: boolean;
}

/** A payment to be asked about as it was read, and whose wish that is where it is not its schedule's. */
export interface InquiryCommand {
  readonly payment: Payment;
  readonly request?: Pick<InquiryRequest, 'id' | 'time'>;
}

/** Where a step has left a payment, and when the next one is due; without a time nothing more is to be asked. */
export type InquiryResult = Pick<Payment, 'status' | 'version' | 'dueAt'>;

export type CompareWithGateway = (payment: Payment) => Promise<DifferenceOutcome>;

/** What it takes to lead a message from step to step. */
export interface InquiryDependencies extends Pick<InquireOnceDependencies, 'clock' | 'timings'> {
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'recordHint' | 'reserveInquiry'>;
  readonly compare: CompareWithGateway;
  readonly step: (
    command: InquiryCommand,
    context: Context,
  ) => Promise<{ readonly value: InquiryResult; readonly replayed: boolean }>;
}

/** A message, and the payment that it is about as it was read when the message came. */
export interface InquiryMessage {
  readonly payment: Payment;
  readonly event: Pick<DomainEvent, 'id' | 'time'>;
  readonly context: Context;
}
