import type { Context } from 'aws-lambda';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import type { Payment } from '../../shared/domain/payments/payment.ts';
import type { PaymentRepository } from '../../shared/persistence/payment-repository.ts';
import type { CompareWithGateway } from './compare-with-gateway.ts';
import type { InquireOnceDependencies } from './dependencies.ts';
import type { InquiryCommand, InquiryResult } from './inquire-once.ts';

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
