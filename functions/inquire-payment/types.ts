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

export interface InquireOnceDependencies {
  readonly gateway: Pick<PaymentGateway, 'inquire' | 'cancel' | 'refund' | 'inquireRefund'>;
  readonly record: RecordChargeOutcome;
  /** Stores evidence that changes no status. */
  readonly recordEvidence: ReturnType<typeof createRecordEvidence>;
  readonly payments: Pick<PaymentRepository, 'recordHint' | 'reschedule' | 'tryLease'>;
  readonly clock: Clock;
  readonly timings: Timings;
}

/** An answer of the gateway that changes no status. */
export interface Observation {
  readonly observation: string;
  /** The gateway gave no answer, and no scheduled step inquires again soon. */
  readonly hasNoAnswer?: boolean;
  /** The gateway has captured the money. A hint records it, whatever happens to the payment next. */
  readonly isCaptured?: boolean;
}

/** The payment as it was read, and the request of an immediate inquiry. */
export interface InquiryCommand {
  readonly payment: Payment;
  readonly request?: Pick<InquiryRequest, 'id' | 'time'>;
}

/** The payment after an inquiry, and when the next one is due; without `dueAt` there is none. */
export type InquiryResult = Pick<Payment, 'status' | 'version' | 'dueAt'> & {
  /** Another write was first: the decision is not recorded. */
  readonly isLost?: boolean;
};

export type CompareWithGateway = (payment: Payment) => Promise<DifferenceOutcome>;

export interface InquiryDependencies extends Pick<InquireOnceDependencies, 'clock' | 'timings'> {
  readonly payments: Pick<PaymentRepository, 'getOrThrow' | 'recordHint' | 'reserveInquiry'>;
  readonly compare: CompareWithGateway;
  readonly step: (
    command: InquiryCommand,
    context: Context,
  ) => Promise<{ readonly value: InquiryResult; readonly replayed: boolean }>;
}

/** A message and its payment, as it was read on receipt. */
export interface InquiryMessage {
  readonly payment: Payment;
  readonly event: Pick<DomainEvent, 'id' | 'time'>;
  readonly context: Context;
}
