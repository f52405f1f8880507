import { Outage } from '../../domain/errors.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { Examine, Examined } from './classify-message.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letter-queue.ts';

/** A queue of dead letters, and how one of them is tried again. */
export interface Station {
  /** Folder of the function that could not handle them, or what else the queue is named for. */
  readonly consumer: string;
  readonly letters: DeadLetterQueue;
  /** Absent where there is no queue to send them to: then what they tell is told again on the bus. */
  readonly queueUrl?: string;
}

/** What is taken out, of what, by whom and why. */
export interface Order {
  readonly action: 'send-again' | 'drop';
  readonly consumer: string;
  readonly paymentId?: string | undefined;
  readonly event?: string | undefined;
  readonly olderThanSeconds?: number | undefined;
  readonly isDryRun: boolean;
  readonly most: number;
  readonly perSecond: number;
  readonly who: string;
  readonly why: string;
}

export interface Result {
  readonly messageId: string;
  readonly paymentId?: string;
  readonly event?: string;
  readonly sentAt: string;
  readonly redrives: number;
  readonly class: Examined['class'];
  readonly why: string;
  readonly outcome: 'sent again' | 'dropped' | 'would be sent again' | 'would be dropped' | 'left';
}

interface Dependencies {
  readonly examine: Examine;
  readonly publish: (event: DomainEvent, redrives: number) => Promise<unknown>;
  /** Keeps who did what and why, before it is done. */
  readonly audit: (order: Order, result: Result) => Promise<unknown>;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  readonly now: () => number;
}

/** Well inside the time of the function that does it: what is begun is ended, and told. */
export const longestSeconds = 20;

/** Of a queue that holds more, the rest is for the next time: a letter that was looked at is out of sight for a minute. */
const mostLooked = 500;
const handful = 10;

/** A letter that came back so often is not tried again: what it meets is not mended. */
export const mostRedrives = 3;

const permitted: Record<Order['action'], readonly Examined['class'][]> = {
  'send-again': ['send-again'],
  drop: ['already-done', 'poison'],
};

const words = {
  'send-again': { done: 'sent again', planned: 'would be sent again' },
  drop: { done: 'dropped', planned: 'would be dropped' },
} as const;

export const resultOf = (
  { letter, event, paymentId, class: found, why }: Examined,
  outcome: Result['outcome'],
): Result => ({
  messageId: letter.messageId,
  ...(paymentId && { paymentId }),
  ...(event && { event: event.name }),
  sentAt: letter.sentAt,
  redrives: letter.redrives,
  class: found,
  why,
  outcome,
});

/** Whatever the reason, it is not the order's fault, and the letter is as it was. */
const refusedByBus = (cause: unknown): never => {
  throw new Outage('The event bus did not take an event.', { cause });
};

/**
 * Takes out of one queue what the order selects, as far as the class of each letter permits it; everything else is laid back. A dry run
 * lays back all. The results are of what was selected.
 *
 * Where a letter cannot be taken out now, it is laid back with all others that are in hand, and the fault is thrown. The same order may be
 * given again: what was taken out before is gone from the queue, and an event that was published before has the same id.
 */
export const redriveBy =
  ({ examine, publish, audit, pause, now }: Dependencies) =>
  async ({ consumer, letters, queueUrl }: Station, order: Order): Promise<readonly Result[]> => {
    const isSelected = ({ letter, event, paymentId }: Examined) =>
      (order.paymentId === undefined || order.paymentId === paymentId) &&
      (order.event === undefined || order.event === event?.name) &&
      now() - Date.parse(letter.sentAt) >= (order.olderThanSeconds ?? 0) * 1_000;

    const ends = now() + longestSeconds * 1_000;
    let beats = 0;
    const beatsOf = ({ untold }: Examined) =>
      order.action === 'send-again' && untold ? untold.length : 1;

    // All that is taken out together has the time of one function, not each letter.
    const isPermitted = (examined: Examined) =>
      permitted[order.action].includes(examined.class) &&
      (order.action === 'drop' || examined.letter.redrives < mostRedrives) &&
      (beats + beatsOf(examined)) / order.perSecond <= longestSeconds &&
      now() <= ends;

    const beat = () => pause(1_000 / order.perSecond);

    const again = async ({ letter, event, untold }: Examined): Promise<void> => {
      if (queueUrl !== undefined) return letters.sendAgain(letter, queueUrl);
      for (const [index, one] of (untold ?? (event ? [event] : [])).entries()) {
        if (index > 0) await beat();
        if (now() > ends) throw new Outage('The event bus is too slow: ask for fewer letters.');
        await publish(one, letter.redrives + 1).catch(refusedByBus);
      }
      await letters.drop(letter);
    };

    const carryOut = async (examined: Examined): Promise<Result> => {
      const { done, planned } = words[order.action];
      const result = resultOf(examined, order.isDryRun ? planned : done);
      beats += beatsOf(examined);
      if (order.isDryRun) return result;
      // Kept before it is done: an order that cannot be kept is not carried out.
      await audit(order, result);
      await (order.action === 'drop' ? letters.drop(examined.letter) : again(examined));
      await beat();

      return result;
    };

    const inHand = new Set<DeadLetter>();
    const results: Result[] = [];
    const isEnough = () => results.length === order.most;
    let looked = 0;
    let isMore = true;
    try {
      while (isMore && looked < mostLooked && !isEnough()) {
        const seen = await letters.look(handful);
        for (const letter of seen) inHand.add(letter);
        looked += seen.length;
        isMore = seen.length === handful;
        const found = await Promise.all(seen.map((one) => examine(consumer, one)));
        for (const [index, examined] of found.entries()) {
          if (isEnough() || !isSelected(examined)) continue;
          const isTaken = isPermitted(examined);
          results.push(isTaken ? await carryOut(examined) : resultOf(examined, 'left'));
          if (isTaken && !order.isDryRun) inHand.delete(seen[index] as DeadLetter);
        }
      }
    } finally {
      await letters.release([...inHand]);
    }

    return results;
  };
