import {
  type Classified,
  classify,
  isOfATick,
  laterTick,
  unreadable,
} from '../../domain/dead-letters/dead-letter-policy.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import { toldAgain } from '../../domain/payments/payment-events.ts';
import type { Payments } from '../../persistence/payment-repository.ts';
import type { Refunds } from '../../persistence/refund-repository.ts';
import type { CommittedItems } from '../../persistence/stored-items.ts';
import type { DeadLetter } from './dead-letter-queue.ts';
import { type Reading, readingOf } from './parse-message.ts';
import { type Untold, untoldBetween, untoldOf } from './recover-lost-events.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'find'>;
  readonly refunds: Pick<Refunds, 'find'>;
  /** The effect of an event is on record with its listener. */
  readonly isDelivered: (eventId: string, listener: string) => Promise<boolean>;
  readonly committed: CommittedItems;
}

/** A letter, what it is about, and what is to become of it. */
export interface Examined extends Classified, Untold {
  readonly letter: DeadLetter;
  readonly event?: DomainEvent;
}

/** Reads what a letter is about as it is now. The letter stays where it is. Throws where that cannot be read just now. */
export const examineBy = (dependencies: Dependencies) => {
  const { payments, refunds, isDelivered, committed } = dependencies;

  const ofEvent = async (
    consumer: string,
    event: DomainEvent,
  ): Promise<Omit<Examined, 'letter'>> => {
    const { paymentId = event.subject } = event.data as { paymentId?: string };
    const [payment, refund, isDone] = await Promise.all([
      payments.find(paymentId),
      event.subject.startsWith('rfd_') ? refunds.find(event.subject) : undefined,
      isDelivered(event.id, consumer),
    ]);
    const facts = { ...(payment && { payment }), ...(refund && { refund }), isDone };
    const read = { event, paymentId };

    return { ...read, ...orUnreadable(() => classify({ consumer, event, ...facts })) };
  };

  const ofFailed = async (consumer: string, paymentId: string) => {
    const payment = await payments.find(paymentId);
    if (payment === undefined) return { paymentId, ...unreadable(`there is no ${paymentId}`) };
    let event: DomainEvent;
    try {
      event = toldAgain(payment, 'PaymentFailed');
    } catch (fault) {
      return { paymentId, ...unreadable((fault as Error).message) };
    }

    return ofEvent(consumer, event);
  };

  const examined = async (consumer: string, letter: DeadLetter): Promise<Examined> => {
    let reading: Reading;
    try {
      if (isOfATick(consumer) && JSON.parse(letter.body)) return { letter, ...laterTick };
      reading = readingOf(letter.body);
    } catch (fault) {
      return { letter, ...unreadable((fault as Error).name) };
    }
    if ('keys' in reading) return { letter, ...untoldOf(await committed.of(reading.keys)) };
    if ('table' in reading) return { letter, ...(await untoldBetween(committed, reading)) };
    if ('failed' in reading) return { letter, ...(await ofFailed(consumer, reading.failed)) };
    // Told again on the bus, it comes back as a letter of its own: the event has kept count.
    const redrives = Math.max(letter.redrives, reading.redrives);

    return { letter: { ...letter, redrives }, ...(await ofEvent(consumer, reading.event)) };
  };

  return async (consumer: string, letter: DeadLetter): Promise<Examined> => {
    try {
      return await examined(consumer, letter);
    } catch (fault) {
      if (!isOfTheLetter(fault)) throw fault;

      return { letter, ...unreadable(`what it points to (${(fault as Error).name})`) };
    }
  };
};

/** DynamoDB refuses the key that the letter names, or what is stored under it is not as its table promises: no other letter is concerned. */
const isOfTheLetter = (fault: unknown): boolean =>
  fault instanceof TypeError ||
  fault instanceof RangeError ||
  (fault instanceof Error && ['ValidationException', 'ZodError'].includes(fault.name));

/** What nobody could have written is never a reason to leave the other letters unread. */
const orUnreadable = (judge: () => Classified): Classified => {
  try {
    return judge();
  } catch (fault) {
    return unreadable(`what it is about (${(fault as Error).name})`);
  }
};

export type Examine = ReturnType<typeof examineBy>;
