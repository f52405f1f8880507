import type { Context } from 'aws-lambda';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { needsGatewayComparison } from '../../shared/domain/payments/inquiry-hint.ts';
import { isEnded, isInquiryRequest } from '../../shared/domain/payments/inquiry-request.ts';
import type { HandlingResult } from '../../shared/lambda/message-deferral.ts';
import { compareOnRequest, comparePending } from './compare-on-request.ts';
import { inquireImmediately } from './inquire-immediately.ts';
import { inquireOnSchedule } from './inquire-on-schedule.ts';
import type { InquiryDependencies } from './inquiry-message.ts';

/** Asks the PG about a payment: when its schedule says so, or at once where somebody has asked for that. */
export const inquirePayment =
  (deps: InquiryDependencies) =>
  async (
    event: Pick<DomainEvent, 'id' | 'subject' | 'time'>,
    context: Context,
  ): Promise<HandlingResult> => {
    const payment = await deps.payments.getOrThrow(event.subject);
    const handleRequest = isEnded(payment) ? compareOnRequest : inquireImmediately;
    const handleScheduled = needsGatewayComparison(payment) ? comparePending : inquireOnSchedule;
    const handle = isInquiryRequest(event) ? handleRequest : handleScheduled;

    return handle(deps, { payment, event, context });
  };
