import type { Payments } from '../data/payments.ts';
import type { Refunds } from '../data/refunds.ts';
import type { Clock } from '../domain/clock.ts';
import { type Classified, classify, unreadable } from '../domain/dead-letters.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { Payment } from '../domain/payment.ts';
import type { DeadLetter } from './dead-letter-queue.ts';
import { type Reading, readingOf } from './reading.ts';
import { storyOf } from './story.ts';

interface Dependencies {
  readonly payments: Pick<Payments, 'find'>;
  readonly refunds: Pick<Refunds, 'find'>;
  /** The effect of an event is on record with its listener. */
  readonly isDelivered: (eventId: string, listener: string) => Promise<boolean>;
  /** Payments that changed in a time. */
  readonly changedBetween: (from: string, to: string) => Promise<readonly Payment[]>;
  readonly clock: Clock;
  readonly keyLifetimeMs: number;
}

/** A letter, what it is about, and what is to become of it. */
export interface Examined extends Classified {
  readonly letter: DeadLetter;
  readonly event?: DomainEvent;
  readonly paymentId?: string;
  /** What is told again in its place, where it is a pointer to what was never told. */
  readonly untold?: readonly DomainEvent[];
}

/** Reads what a letter is about as it is now. The letter stays where it is. */
export const examineBy =
  ({ payments, refunds, isDelivered, changedBetween, clock, keyLifetimeMs }: Dependencies) =>
  async (consumer: string, letter: DeadLetter): Promise<Examined> => {
    const ofEvent = async (event: DomainEvent): Promise<Examined> => {
      const { paymentId = event.subject } = event.data as { paymentId?: string };
      const refund = event.subject.startsWith('rfd_')
        ? await refunds.find(event.subject)
        : undefined;
      const payment = await payments.find(paymentId);
      const isDone = await isDelivered(event.id, consumer);
      const facts = { ...(payment && { payment }), ...(refund && { refund }), isDone };
      const at = clock.now();
      const classified = classify({ consumer, event, ...facts }, { at, keyLifetimeMs });

      return { letter, event, paymentId, ...classified };
    };

    const ofUntold = (stories: readonly (Payment | undefined)[]): Examined => {
      const found = stories.filter((one) => one !== undefined);
      const untold = found.flatMap(storyOf);
      const [first] = found;
      if (first === undefined) {
        return { letter, ...unreadable('what it points to is in no table that is told of') };
      }

      return {
        letter,
        paymentId: first.paymentId,
        untold,
        class: 'send-again',
        why: `The table has it: ${untold.length} events can be told again from it.`,
      };
    };

    let reading: Reading;
    try {
      reading = readingOf(letter.body);
    } catch (fault) {
      return { letter, ...unreadable((fault as Error).name) };
    }
    if ('event' in reading) return ofEvent(reading.event);
    if ('between' in reading) return ofUntold(await changedBetween(...reading.between));
    const { paymentId = '' } = reading.keys;

    return ofUntold([paymentId ? await payments.find(paymentId) : undefined]);
  };

export type Examine = ReturnType<typeof examineBy>;
