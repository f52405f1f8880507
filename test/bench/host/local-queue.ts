import { randomUUID } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

interface Message {
  readonly id: string;
  readonly body: string;
  /** When the message becomes visible, in milliseconds. */
  visibleSince: number;
  received: number;
  /** Set by the consumer while it processes the message. */
  againAfterMs?: number;
}

export interface LocalQueueOptions {
  readonly batchSize: number;
  /** The batching window. */
  readonly windowMs?: number;
  /** The maximum number of concurrent batches. */
  readonly concurrency: number;
  readonly visibilityMs: number;
  readonly maxReceiveCount: number;
  readonly consume: (batch: SQSEvent) => Promise<unknown>;
}

/** An in-memory queue and its poller, like an SQS event source mapping with partial batch responses. */
export interface LocalQueue {
  send(body: string, delayMs?: number): void;
  /** The delay of the next delivery by receipt handle, if the batch reports the message as failed. */
  changeVisibility(receipt: string, afterMs: number): void;
  /** The number of waiting, delayed and processing messages. */
  readonly depth: number;
  readonly deadLetters: number;
}

export const createLocalQueue = (options: LocalQueueOptions): LocalQueue => {
  const { batchSize, windowMs = 0, concurrency, visibilityMs, maxReceiveCount, consume } = options;
  const visible: Message[] = [];
  const inFlight = new Map<string, Message>();
  let delayed = 0;
  let activeBatches = 0;
  let deadLetters = 0;

  const show = (message: Message, afterMs: number): void => {
    delayed += 1;
    setTimeout(() => {
      delayed -= 1;
      appear(message);
      poll();
    }, afterMs);
  };

  const appear = (message: Message): void => {
    message.visibleSince = performance.now();
    visible.push(message);
    if (windowMs > 0) setTimeout(poll, windowMs);
  };

  /** A full batch, or one whose first message has waited for the window. A timer may fire slightly early. */
  const isReady = (): boolean => {
    const [first] = visible;
    if (first === undefined || visible.length >= batchSize) return first !== undefined;

    return performance.now() - first.visibleSince >= windowMs - 1;
  };

  const poll = (): void => {
    while (activeBatches < concurrency && isReady()) {
      activeBatches += 1;
      void work(visible.splice(0, batchSize)).finally(() => {
        activeBatches -= 1;
        poll();
      });
    }
  };

  const work = async (batch: readonly Message[]): Promise<void> => {
    for (const message of batch) {
      message.received += 1;
      delete message.againAfterMs;
      inFlight.set(message.id, message);
    }
    // A function that throws has processed none of the batch.
    const failed = await consume(toSqsEvent(batch)).then(
      (response) => failedMessageIds(response),
      () => new Set(batch.map(({ id }) => id)),
    );
    for (const message of batch) {
      inFlight.delete(message.id);
      if (!failed.has(message.id)) continue;
      if (message.received >= maxReceiveCount) deadLetters += 1;
      else show(message, message.againAfterMs ?? visibilityMs);
    }
  };

  return {
    send(body, delayMs = 0) {
      const message = { id: randomUUID(), body, visibleSince: 0, received: 0 };
      if (delayMs > 0) return show(message, delayMs);
      appear(message);
      // After this turn of the event loop: messages sent together are one batch.
      setImmediate(poll);
    },
    changeVisibility(receipt, afterMs) {
      const message = inFlight.get(receipt);
      if (message) message.againAfterMs = afterMs;
    },
    get depth() {
      return visible.length + inFlight.size + delayed;
    },
    get deadLetters() {
      return deadLetters;
    },
  };
};

const failedMessageIds = (response: unknown): ReadonlySet<string> =>
  new Set(
    (response as SQSBatchResponse | undefined)?.batchItemFailures.map(
      ({ itemIdentifier }) => itemIdentifier,
    ),
  );

const toSqsEvent = (batch: readonly Message[]) =>
  ({
    Records: batch.map(({ id, body, received }) => ({
      messageId: id,
      receiptHandle: id,
      body,
      attributes: { ApproximateReceiveCount: String(received) },
      messageAttributes: {},
      eventSource: 'aws:sqs',
    })),
  }) as unknown as SQSEvent;
