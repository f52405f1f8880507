import { ServiceUnavailableError } from '../../domain/errors.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { OperatorIdentity } from '../../domain/operator.ts';
import { EventRefusedError } from '../../lambda/event-publisher.ts';
import type { ClassifiedMessage, MessageClassifier } from './classify-message.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letter-queue.ts';
import type { FailedBatch } from './failed-batch.ts';
import type { BatchReader } from './read-failed-batch.ts';
import { recoverBatch } from './recover-batch.ts';
import { createRedriveBudget } from './redrive-budget.ts';

/** A dead-letter queue and the queue that its messages come from. */
export interface DeadLetterSource {
  /** The function that failed to process the messages, or another name of the queue. */
  readonly consumer: string;
  readonly deadLetters: DeadLetterQueue;
  /** If absent, the events are published on the bus again. */
  readonly sourceQueueUrl?: string;
}

/** A request to redrive or delete messages of one dead-letter queue. */
export interface RedriveRequest {
  readonly action: 'redrive' | 'delete';
  readonly consumer: string;
  readonly paymentId?: string | undefined;
  readonly event?: string | undefined;
  readonly olderThanSeconds?: number | undefined;
  readonly isDryRun: boolean;
  readonly limit: number;
  readonly ratePerSecond: number;
  readonly operator: OperatorIdentity;
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
  /** continued: a part of a batch is redriven, and the next request goes on. */
  readonly outcome: 'redriven' | 'continued' | 'deleted' | 'planned' | 'skipped';
}

interface Dependencies {
  readonly classifyMessage: MessageClassifier;
  readonly readBatch: BatchReader;
  readonly publish: (event: DomainEvent, redrives: number) => Promise<unknown>;
  /** Records the action before it is executed. */
  readonly audit: (request: RedriveRequest, result: RedriveResult) => Promise<unknown>;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly now: () => number;
}

/**
 * The maximum number of messages of one request: received messages are invisible for a minute, so the rest
 * needs another request.
 */
const maxReceived = 500;
const receiveBatchSize = 10;

/** A message that was redriven this many times is skipped: its fault is not fixed. */
export const maxRedrives = 3;

const permittedDispositions: Record<
  RedriveRequest['action'],
  readonly ClassifiedMessage['disposition'][]
> = {
  redrive: ['redrive'],
  delete: ['obsolete', 'poison'],
};

export const toRedriveResult = (
  { message, event, paymentId, disposition, reason }: ClassifiedMessage,
  outcome: RedriveResult['outcome'],
): RedriveResult => ({
  messageId: message.messageId,
  ...(paymentId && { paymentId }),
  ...(event && { event: event.name }),
  sentAt: message.sentAt,
  redrives: message.redrives,
  disposition,
  reason,
  outcome,
});

/** The request is valid and the message is unchanged, so the operator can send the request again. */
const throwBusUnavailable = (cause: unknown): never => {
  throw new ServiceUnavailableError('EventBridge did not accept the event.', { cause });
};

const isSelected = (
  request: RedriveRequest,
  { message, event, paymentId }: ClassifiedMessage,
  nowMs: number,
): boolean =>
  (request.paymentId === undefined || request.paymentId === paymentId) &&
  (request.event === undefined || request.event === event?.name) &&
  nowMs - Date.parse(message.sentAt) >= (request.olderThanSeconds ?? 0) * 1_000;

const isPermitted = (
  { action }: RedriveRequest,
  { message, disposition }: ClassifiedMessage,
): boolean =>
  permittedDispositions[action].includes(disposition) &&
  (action === 'delete' || message.redrives < maxRedrives);

/** The number of calls that a message needs; of a batch, the first: it is published as far as the budget goes. */
const callCountOf = ({ action }: RedriveRequest, { recoveredEvents }: ClassifiedMessage): number =>
  action === 'redrive' && recoveredEvents ? recoveredEvents.length : 1;

const refusedBy = (eventIds: readonly string[]): Execution => ({
  outcome: 'skipped',
  reason: `EventBridge refuses ${eventIds.join(', ')} for the content of the event.`,
});

/** Whether the received message is no longer in the queue. */
const isGone = ({ outcome }: RedriveResult): boolean =>
  outcome === 'redriven' || outcome === 'continued' || outcome === 'deleted';

/** What was done with a message, and why it differs from its classification. */
type Execution = Pick<RedriveResult, 'outcome'> & Partial<Pick<RedriveResult, 'reason'>>;

/**
 * Redrives or deletes the selected messages of one queue, if their disposition permits it, and returns one
 * result for each selected message. All other messages return to the queue; a dry run returns all. A message with
 * an event that EventBridge refuses for its content stays in the queue too, and the next ones are redriven.
 *
 * If a message cannot be redriven or deleted, it returns to the queue with all other received messages and
 * the error is thrown. The same request can be sent again: finished messages are gone, and a published event
 * keeps its id.
 */
export const createRedrive =
  ({ classifyMessage, readBatch, publish, audit, sleep, now }: Dependencies) =>
  async (
    { consumer, deadLetters, sourceQueueUrl }: DeadLetterSource,
    request: RedriveRequest,
  ): Promise<readonly RedriveResult[]> => {
    const budget = createRedriveBudget(request.ratePerSecond, now);
    const pace = () => sleep(1_000 / request.ratePerSecond);
    const inFlight = new Set<DeadLetter>();
    let hasMore = true;

    /** Whether EventBridge refuses the content of the event; otherwise it is published. */
    const isRefused = async (event: DomainEvent, { redrives }: DeadLetter): Promise<boolean> => {
      try {
        await publish(event, redrives + 1);
      } catch (error) {
        if (!(error instanceof EventRefusedError)) return throwBusUnavailable(error);

        return true;
      }

      return false;
    };

    const redriveBatch = async (
      message: DeadLetter,
      failedBatch: FailedBatch,
    ): Promise<Execution> => {
      const { state, published, refused, isReplaced } = await recoverBatch(message, failedBatch, {
        readBatch,
        isRefused: (event) => isRefused(event, message).finally(pace),
        deadLetters,
        budget,
      });
      // Receiving goes on in the next request: the queue returns the new message too.
      if (isReplaced) hasMore = false;
      if (state === 'refused') return refusedBy(refused);

      return {
        outcome: state === 'completed' ? 'redriven' : 'continued',
        reason: `${published} events were published again.`,
      };
    };

    const handleMessage = async (classified: ClassifiedMessage): Promise<Execution> => {
      const { message, event, recoveredEvents = event ? [event] : [], failedBatch } = classified;
      if (request.action === 'delete') {
        await deadLetters.delete(message);

        return { outcome: 'deleted' };
      }
      if (failedBatch) return redriveBatch(message, failedBatch);
      if (sourceQueueUrl !== undefined) {
        await deadLetters.redriveTo(message, sourceQueueUrl);

        return { outcome: 'redriven' };
      }
      const refused: string[] = [];
      for (const [index, one] of recoveredEvents.entries()) {
        if (index > 0) await pace();
        if (budget.isTimeUp())
          throw new ServiceUnavailableError('The event bus is too slow: lower the limit.');
        if (await isRefused(one, message)) refused.push(one.id);
      }
      if (refused.length > 0) return refusedBy(refused);
      await deadLetters.delete(message);

      return { outcome: 'redriven' };
    };

    const execute = async (classified: ClassifiedMessage): Promise<RedriveResult> => {
      const done = request.action === 'delete' ? 'deleted' : 'redriven';
      const result = toRedriveResult(classified, request.isDryRun ? 'planned' : done);
      budget.countCalls(classified.failedBatch ? 0 : callCountOf(request, classified));
      if (request.isDryRun) return result;
      // The audit entry comes first: an action that cannot be recorded is not executed.
      await audit(request, result);
      const execution = await handleMessage(classified);
      // A batch has paused after each of its events.
      if (!classified.failedBatch) await pace();

      return { ...result, ...execution };
    };

    const results: RedriveResult[] = [];
    const isLimitReached = () => results.length === request.limit;
    let receivedCount = 0;
    try {
      while (hasMore && receivedCount < maxReceived && !isLimitReached()) {
        const batch = await deadLetters.receive(receiveBatchSize);
        for (const message of batch) inFlight.add(message);
        receivedCount += batch.length;
        hasMore &&= batch.length === receiveBatchSize;
        const classifiedBatch = await Promise.all(
          batch.map((one) => classifyMessage(consumer, one)),
        );
        for (const [index, classified] of classifiedBatch.entries()) {
          if (isLimitReached() || !isSelected(request, classified, now())) continue;
          const isActionable =
            isPermitted(request, classified) && budget.covers(callCountOf(request, classified));
          const result = isActionable
            ? await execute(classified)
            : toRedriveResult(classified, 'skipped');
          results.push(result);
          if (isGone(result)) inFlight.delete(batch[index] as DeadLetter);
        }
      }
    } finally {
      await deadLetters.returnToQueue([...inFlight]);
    }

    return results;
  };
