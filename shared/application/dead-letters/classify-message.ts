import {
  type Classification,
  classify,
  isScheduleMessage,
  supersededSchedule,
  unparseable,
} from '../../domain/dead-letters/dead-letter-policy.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import { replayPaymentEvent } from '../../domain/payments/payment-events.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { RefundRepository } from '../../persistence/refund-repository.ts';
import type { StoredItems } from '../../persistence/stored-items.ts';
import type { DeadLetter } from './dead-letter-queue.ts';
import { type ParsedMessage, parseMessage } from './parse-message.ts';
import { type RecoverableEvents, recoverBatch, recoverItem } from './recover-lost-events.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly refunds: Pick<RefundRepository, 'find'>;
  /** The effect of an event is on record with its listener. */
  readonly isDelivered: (eventId: string, consumer: string) => Promise<boolean>;
  readonly committed: StoredItems;
}

/** A letter, what it is about, and what is to become of it. */
export interface ClassifiedMessage extends Classification, RecoverableEvents {
  readonly message: DeadLetter;
  readonly event?: DomainEvent;
}

/** Reads what a letter is about as it is now. The letter stays where it is. Throws where that cannot be read just now. */
export const createMessageClassifier = (dependencies: Dependencies) => {
  const { payments, refunds, isDelivered, committed } = dependencies;

  const ofEvent = async (
    consumer: string,
    event: DomainEvent,
  ): Promise<Omit<ClassifiedMessage, 'message'>> => {
    const { paymentId = event.subject } = event.data as { paymentId?: string };
    const [payment, refund, hasEffect] = await Promise.all([
      payments.find(paymentId),
      event.subject.startsWith('rfd_') ? refunds.find(event.subject) : undefined,
      isDelivered(event.id, consumer),
    ]);
    const state = { ...(payment && { payment }), ...(refund && { refund }), hasEffect };
    const about = { event, paymentId };

    return { ...about, ...orPoison(() => classify({ consumer, event, ...state })) };
  };

  const ofCompensationInput = async (consumer: string, paymentId: string) => {
    const payment = await payments.find(paymentId);
    if (payment === undefined) return { paymentId, ...unparseable(`there is no ${paymentId}`) };
    let event: DomainEvent;
    try {
      event = replayPaymentEvent(payment, 'PaymentFailed');
    } catch (error) {
      return { paymentId, ...unparseable((error as Error).message) };
    }

    return ofEvent(consumer, event);
  };

  const classifyMessage = async (
    consumer: string,
    message: DeadLetter,
  ): Promise<ClassifiedMessage> => {
    let parsed: ParsedMessage;
    try {
      if (isScheduleMessage(consumer) && JSON.parse(message.body))
        return { message, ...supersededSchedule };
      parsed = parseMessage(message.body);
    } catch (error) {
      return { message, ...unparseable((error as Error).name) };
    }
    if ('keys' in parsed) return { message, ...recoverItem(await committed.find(parsed.keys)) };
    if ('table' in parsed) return { message, ...(await recoverBatch(committed, parsed)) };
    if ('failed' in parsed)
      return { message, ...(await ofCompensationInput(consumer, parsed.failed)) };
    // Told again on the bus, it comes back as a letter of its own: the event has kept count.
    const redrives = Math.max(message.redrives, parsed.redrives);

    return { message: { ...message, redrives }, ...(await ofEvent(consumer, parsed.event)) };
  };

  return async (consumer: string, message: DeadLetter): Promise<ClassifiedMessage> => {
    try {
      return await classifyMessage(consumer, message);
    } catch (error) {
      if (!isMessageFault(error)) throw error;

      return { message, ...unparseable(`what it points to (${(error as Error).name})`) };
    }
  };
};

/** DynamoDB refuses the key that the letter names, or what is stored under it is not as its table promises: no other letter is concerned. */
const isMessageFault = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  (error instanceof Error && ['ValidationException', 'ZodError'].includes(error.name));

/** What nobody could have written is never a reason to leave the other letters unread. */
const orPoison = (classifyEvent: () => Classification): Classification => {
  try {
    return classifyEvent();
  } catch (error) {
    return unparseable(`what it is about (${(error as Error).name})`);
  }
};

export type MessageClassifier = ReturnType<typeof createMessageClassifier>;
