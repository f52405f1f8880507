import {
  type Classification,
  classify,
  isScheduleMessage,
  poison,
  supersededSchedule,
  unparseable,
} from '../../domain/dead-letters/dead-letter-policy.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import { compensationTrigger } from '../../domain/events/subscriptions.ts';
import {
  EventMismatchError,
  type SaleEventName,
  storedEventOf,
} from '../../domain/outbox/stored-event.ts';
import { isCompensationStarted } from '../../domain/payments/funds-state.ts';
import type { Payment } from '../../domain/payments/payment.ts';
import { replayPaymentEvent } from '../../domain/payments/payment-events.ts';
import type { Refund } from '../../domain/refunds/refund.ts';
import type { PaymentRepository } from '../../persistence/payment-repository.ts';
import type { RefundRepository } from '../../persistence/refund-repository.ts';
import type { StoredItemReader } from '../../persistence/stored-items.ts';
import type { DeadLetter } from './dead-letter-queue.ts';
import { type ParsedMessage, parseMessage } from './parse-message.ts';
import { type RecoverableEvents, recoverFailedBatch, recoverItem } from './recover-lost-events.ts';

interface Dependencies {
  readonly payments: Pick<PaymentRepository, 'find'>;
  readonly refunds: Pick<RefundRepository, 'find'>;
  /** Whether the consumer has recorded the effect of an event. */
  readonly isDelivered: (eventId: string, consumer: string) => Promise<boolean>;
  readonly storedItems: Pick<StoredItemReader, 'find' | 'isRelayed'>;
}

/** A dead-lettered message with its event and its disposition. */
export interface ClassifiedMessage extends Classification, RecoverableEvents {
  readonly message: DeadLetter;
  readonly event?: DomainEvent;
}

/**
 * Creates the classifier of dead-lettered messages. It reads the current state of a message's subject and
 * leaves the message in its queue. It throws if a read fails; a fault of the message itself is classified as
 * poison.
 */
export const createMessageClassifier = (dependencies: Dependencies) => {
  const { payments, refunds, isDelivered, storedItems } = dependencies;

  const classifyByEvent = async (
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

    const classification = orPoison(() => classify({ consumer, event, ...state }));
    const mismatch =
      classification.disposition === 'redrive' && comparingConsumers.includes(consumer)
        ? mismatchOf(event as DomainEvent<SaleEventName>, refund ?? payment)
        : undefined;

    return { event, paymentId, ...(mismatch ?? classification) };
  };

  const classifyCompensationInput = async (consumer: string, paymentId: string) => {
    const payment = await payments.find(paymentId);
    if (payment === undefined) return { paymentId, ...unparseable(`${paymentId} does not exist`) };
    let event: DomainEvent;
    try {
      event = replayPaymentEvent(
        payment,
        isCompensationStarted(payment) ? compensationTrigger : 'PaymentFailed',
      );
    } catch (error) {
      return { paymentId, ...unparseable((error as Error).message) };
    }

    return classifyByEvent(consumer, event);
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
    if ('keys' in parsed)
      return { message, ...recoverItem(await storedItems.find(parsed.keys), parsed.refusedId) };
    if ('range' in parsed)
      return { message, ...recoverFailedBatch(parsed, storedItems.isRelayed(parsed.table)) };
    if ('paymentId' in parsed)
      return { message, ...(await classifyCompensationInput(consumer, parsed.paymentId)) };
    // An event that was published again can return as a new message: the event itself carries the count.
    const redrives = Math.max(message.redrives, parsed.redrives);

    return {
      message: { ...message, redrives },
      ...(await classifyByEvent(consumer, parsed.event)),
    };
  };

  return async (consumer: string, message: DeadLetter): Promise<ClassifiedMessage> => {
    try {
      return await classifyMessage(consumer, message);
    } catch (error) {
      if (!isMessageFault(error)) throw error;

      return { message, ...unparseable(`its item (${(error as Error).name})`) };
    }
  };
};

/** They read the payment or refund of an event, and credit nothing that it does not have. */
const comparingConsumers: readonly string[] = ['update-ranking', 'add-loyalty-points'];

const mismatchOf = (
  event: DomainEvent<SaleEventName>,
  record: Payment | Refund | undefined,
): Classification | undefined => {
  try {
    storedEventOf(event, record);
  } catch (error) {
    if (!(error instanceof EventMismatchError)) throw error;

    return poison(error.message);
  }

  return undefined;
};

/**
 * The fault of one message: DynamoDB rejects its key, or its item does not match the schema. Other messages
 * are not affected.
 */
const isMessageFault = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  (error instanceof Error && ['ValidationException', 'ZodError'].includes(error.name));

/** A message that breaks the classification is poison; the other messages are still classified. */
const orPoison = (classifyEvent: () => Classification): Classification => {
  try {
    return classifyEvent();
  } catch (error) {
    return unparseable(`its subject (${(error as Error).name})`);
  }
};

export type MessageClassifier = ReturnType<typeof createMessageClassifier>;
