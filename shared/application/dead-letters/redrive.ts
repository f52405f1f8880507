import { ServiceUnavailableError } from '../../domain/errors.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { ClassifiedMessage, MessageClassifier } from './classify-message.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letter-queue.ts';

/** A queue of dead letters, and how one of them is tried again. */
export interface DeadLetterSource {
  /** Folder of the function that could not handle them, or what else the queue is named for. */
  readonly consumer: string;
  readonly deadLetters: DeadLetterQueue;
  /** Absent where there is no queue to send them to: then what they tell is told again on the bus. */
  readonly sourceQueueUrl?: string;
}

/** What is taken out, of what, by whom and why. */
export interface RedriveRequest {
  readonly action: 'redrive' | 'delete';
  readonly consumer: string;
  readonly paymentId?: string | undefined;
  readonly event?: string | undefined;
  readonly olderThanSeconds?: number | undefined;
  readonly isDryRun: boolean;
  readonly limit: number;
  readonly ratePerSecond: number;
  readonly actor: string;
  readonly reason: string;
}

export interface RedriveResult {
  readonly messageId: string;
  readonly paymentId?: string;
  readonly event?: string;
  readonly sentAt: string;
  readonly redrives: number;
  readonly disposition: ClassifiedMessage['disposition'];
  readonly reason: string;
  readonly outcome: 'redriven' | 'deleted' | 'planned' | 'skipped';
}

interface Dependencies {
  readonly classifyMessage: MessageClassifier;
  readonly publish: (event: DomainEvent, redrives: number) => Promise<unknown>;
  /** Keeps who did what and why, before it is done. */
  readonly audit: (request: RedriveRequest, result: RedriveResult) => Promise<unknown>;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly now: () => number;
}

/** Well inside the time of the function that does it: what is begun is ended, and told. */
export const maxRuntimeSeconds = 20;

/** Of a queue that holds more, the rest is for the next time: a letter that was looked at is out of sight for a minute. */
const maxReceived = 500;
const receiveBatchSize = 10;

/** A letter that came back so often is not tried again: what it meets is not mended. */
export const maxRedrives = 3;

const permittedDispositions: Record<
  RedriveRequest['action'],
  readonly ClassifiedMessage['disposition'][]
> = {
  redrive: ['redrive'],
  delete: ['obsolete', 'poison'],
};

const outcomesByAction = {
  redrive: { done: 'redriven', planned: 'planned' },
  delete: { done: 'deleted', planned: 'planned' },
} as const;

export const toRedriveResult = (
  { message, event, paymentId, disposition, reason }: ClassifiedMessage,
  outcome: RedriveResult['outcome'],
): RedriveResult => ({
  messageId: message.messageId,
  ...(paymentId && { paymentId }),
  ...(event && { event: event.name }),
  sentAt: message.sentAt,
  redrives: message.redrives,
  disposition: disposition,
  reason,
  outcome,
});

/** Whatever the reason, it is not the order's fault, and the letter is as it was. */
const throwBusUnavailable = (cause: unknown): never => {
  throw new ServiceUnavailableError('The event bus did not take an event.', { cause });
};

/**
 * Takes out of one queue what the order selects, as far as the class of each letter permits it; everything else is laid back. A dry run
 * lays back all. The results are of what was selected.
 *
 * Where a letter cannot be taken out now, it is laid back with all others that are in hand, and the fault is thrown. The same order may be
 * given again: what was taken out before is gone from the queue, and an event that was published before has the same id.
 */
export const createRedrive =
  ({ classifyMessage, publish, audit, sleep, now }: Dependencies) =>
  async (
    { consumer, deadLetters, sourceQueueUrl }: DeadLetterSource,
    request: RedriveRequest,
  ): Promise<readonly RedriveResult[]> => {
    const isSelected = ({ message, event, paymentId }: ClassifiedMessage) =>
      (request.paymentId === undefined || request.paymentId === paymentId) &&
      (request.event === undefined || request.event === event?.name) &&
      now() - Date.parse(message.sentAt) >= (request.olderThanSeconds ?? 0) * 1_000;

    const deadline = now() + maxRuntimeSeconds * 1_000;
    let plannedPublishes = 0;
    const publishCount = ({ recoveredEvents }: ClassifiedMessage) =>
      request.action === 'redrive' && recoveredEvents ? recoveredEvents.length : 1;

    // All that is taken out together has the time of one function, not each letter.
    const isPermitted = (classified: ClassifiedMessage) =>
      permittedDispositions[request.action].includes(classified.disposition) &&
      (request.action === 'delete' || classified.message.redrives < maxRedrives) &&
      (plannedPublishes + publishCount(classified)) / request.ratePerSecond <= maxRuntimeSeconds &&
      now() <= deadline;

    const pace = () => sleep(1_000 / request.ratePerSecond);

    const redriveMessage = async ({
      message,
      event,
      recoveredEvents,
    }: ClassifiedMessage): Promise<void> => {
      if (sourceQueueUrl !== undefined) return deadLetters.redriveTo(message, sourceQueueUrl);
      for (const [index, one] of (recoveredEvents ?? (event ? [event] : [])).entries()) {
        if (index > 0) await pace();
        if (now() > deadline)
          throw new ServiceUnavailableError('The event bus is too slow: ask for fewer letters.');
        await publish(one, message.redrives + 1).catch(throwBusUnavailable);
      }
      await deadLetters.delete(message);
    };

    const execute = async (classified: ClassifiedMessage): Promise<RedriveResult> => {
      const { done, planned } = outcomesByAction[request.action];
      const result = toRedriveResult(classified, request.isDryRun ? planned : done);
      plannedPublishes += publishCount(classified);
      if (request.isDryRun) return result;
      // Kept before it is done: an order that cannot be kept is not carried out.
      await audit(request, result);
      await (request.action === 'delete'
        ? deadLetters.delete(classified.message)
        : redriveMessage(classified));
      await pace();

      return result;
    };

    const inFlight = new Set<DeadLetter>();
    const results: RedriveResult[] = [];
    const isLimitReached = () => results.length === request.limit;
    let receivedCount = 0;
    let hasMore = true;
    try {
      while (hasMore && receivedCount < maxReceived && !isLimitReached()) {
        const batch = await deadLetters.receive(receiveBatchSize);
        for (const message of batch) inFlight.add(message);
        receivedCount += batch.length;
        hasMore = batch.length === receiveBatchSize;
        const classifiedBatch = await Promise.all(
          batch.map((one) => classifyMessage(consumer, one)),
        );
        for (const [index, classified] of classifiedBatch.entries()) {
          if (isLimitReached() || !isSelected(classified)) continue;
          const isActionable = isPermitted(classified);
          results.push(
            isActionable ? await execute(classified) : toRedriveResult(classified, 'skipped'),
          );
          if (isActionable && !request.isDryRun) inFlight.delete(batch[index] as DeadLetter);
        }
      }
    } finally {
      await deadLetters.returnToQueue([...inFlight]);
    }

    return results;
  };
