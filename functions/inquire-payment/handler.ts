import type { Context } from 'aws-lambda';
import { isAsk, isEnded } from '../../shared/domain/ask.ts';
import type { DomainEvent } from '../../shared/domain/events.ts';
import { owesComparison } from '../../shared/domain/hint.ts';
import type { Done } from '../../shared/runtime/queue-handler.ts';
import { atOnce } from './at-once.ts';
import { compareNow, compareOwed } from './compare-now.ts';
import type { Messages } from './messages.ts';
import { onSchedule } from './on-schedule.ts';

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
