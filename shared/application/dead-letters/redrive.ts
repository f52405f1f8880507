import { ServiceUnavailableError } from '../../domain/errors.ts';
import type { DomainEvent } from '../../domain/events/domain-event.ts';
import type { OperatorIdentity } from '../../domain/operator.ts';
import type { ClassifiedMessage, MessageClassifier } from './classify-message.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letter-queue.ts';

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
  readonly outcome: 'redriven' | 'deleted' | 'planned' | 'skipped';
}

interface Dependencies {
  readonly classifyMessage: MessageClassifier;
  readonly publish: (event: DomainEvent, redrives: number) => Promise<unknown>;
  /** Records the action before it is executed. */
  readonly audit: (request: RedriveRequest, result: RedriveResult) => Promise<unknown>;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly now: () => number;
}

/**
 * Well below the timeout of the function, so that it can finish its current message and return its results.
 */
export const maxRuntimeSeconds = 20;

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

/** The runtime of one function, which all messages of a request share. */
const createBudget = ({ action, ratePerSecond }: RedriveRequest, now: () => number) => {
  const deadline = now() + maxRuntimeSeconds * 1_000;
  let plannedCalls = 0;
  const callCount = ({ recoveredEvents }: ClassifiedMessage) =>
    action === 'redrive' && recoveredEvents ? recoveredEvents.length : 1;

  return {
    isSpent: () => now() > deadline,

    /** Whether the message can still be handled at the requested rate. */
    covers: (classified: ClassifiedMessage) =>
      (plannedCalls + callCount(classified)) / ratePerSecond <= maxRuntimeSeconds &&
      now() <= deadline,

    plan: (classified: ClassifiedMessage) => {
      plannedCalls += callCount(classified);
    },
  };
};

/**
 * Redrives or deletes the selected messages of one queue, if their disposition permits it, and returns one
 * result for each selected message. All other messages return to the queue; a dry run returns all.
 *
 * If a message cannot be redriven or deleted, it returns to the queue with all other received messages and
 * the error is thrown. The same request can be sent again: finished messages are gone, and a published event
 * keeps its id.
 */
export const createRedrive =
  ({ classifyMessage, publish, audit, sleep, now }: Dependencies) =>
  async (
    { consumer, deadLetters, sourceQueueUrl }: DeadLetterSource,
    request: RedriveRequest,
  ): Promise<readonly RedriveResult[]> => {
    const budget = createBudget(request, now);
    const pace = () => sleep(1_000 / request.ratePerSecond);

    const redriveMessage = async ({
      message,
      event,
      recoveredEvents,
    }: ClassifiedMessage): Promise<void> => {
      if (sourceQueueUrl !== undefined) return deadLetters.redriveTo(message, sourceQueueUrl);
      for (const [index, one] of (recoveredEvents ?? (event ? [event] : [])).entries()) {
        if (index > 0) await pace();
        if (budget.isSpent())
          throw new ServiceUnavailableError('The event bus is too slow: lower the limit.');
        await publish(one, message.redrives + 1).catch(throwBusUnavailable);
      }
      await deadLetters.delete(message);
    };

    const execute = async (classified: ClassifiedMessage): Promise<RedriveResult> => {
      const { done, planned } = outcomesByAction[request.action];
      const result = toRedriveResult(classified, request.isDryRun ? planned : done);
      budget.plan(classified);
      if (request.isDryRun) return result;
      // The audit entry comes first: an action that cannot be recorded is not executed.
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
          if (isLimitReached() || !isSelected(request, classified, now())) continue;
          const isActionable = isPermitted(request, classified) && budget.covers(classified);
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
