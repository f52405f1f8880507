import type { Context } from 'aws-lambda';
import type { DomainEvent } from '../../shared/domain/events/domain-event.ts';
import { owesComparison } from '../../shared/domain/payments/inquiry-hint.ts';
import { isAsk, isEnded } from '../../shared/domain/payments/inquiry-request.ts';
import type { Done } from '../../shared/lambda/sqs-handler.ts';
import { compareNow, compareOwed } from './compare-on-request.ts';
import { atOnce } from './inquire-immediately.ts';
import { onSchedule } from './inquire-on-schedule.ts';
import type { Messages } from './inquiry-message.ts';

/** Asks the PG about a payment: when its schedule says so, or at once where somebody has asked for that. */
export const inquirePayment =
  (messages: Messages) =>
  async (event: Pick<DomainEvent, 'id' | 'subject' | 'time'>, context: Context): Promise<Done> => {
    const payment = await messages.payments.existing(event.subject);
    const now = isEnded(payment) ? compareNow : atOnce;
    const later = owesComparison(payment) ? compareOwed : onSchedule;
    const lead = isAsk(event) ? now : later;

    return lead(messages, { payment, event, context });
  };
