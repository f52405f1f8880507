import type { SQSRecord } from 'aws-lambda';
import type { DeployedConsumer } from '../../support/cdk/deployment/event-sources.ts';
import type { WorldParts } from '../virtual/world-parts.ts';
import type { InvocationResult } from './lambda.ts';
import type { MessageQueue } from './message-queue.ts';
import { bodyText, failedIds, type QueueMessage, toRecord } from './sqs-messages.ts';

/** What the pollers of all queues are given. */
export interface PollerDependencies extends WorldParts {
  readonly invoke: (
    folder: string,
    event: { readonly Records: readonly SQSRecord[] },
    about: () => string,
  ) => Promise<InvocationResult>;
  readonly moveToDeadLetters: (
    queue: MessageQueue,
    message: QueueMessage,
    deadLetterQueue: string,
  ) => void;
}

/** The pollers that Lambda starts with, and the batches of a provisioned one. */
const batchesAtFirst = 5;
const batchesPerPoller = 10;

const maxConcurrencyOf = ({ maxConcurrency, pollers }: DeployedConsumer): number =>
  maxConcurrency ?? (pollers ? pollers.minimum * batchesPerPoller : batchesAtFirst);

/** Lambda's pollers of one queue: they invoke its consumer with batches, and delete what it has processed. */
export class QueuePoller {
  readonly #queue: MessageQueue;
  readonly #consumer: DeployedConsumer;
  readonly #deps: PollerDependencies;
  /** Batches that the consumer works on. */
  #working = 0;

  constructor(queue: MessageQueue, consumer: DeployedConsumer, deps: PollerDependencies) {
    this.#queue = queue;
    this.#consumer = consumer;
    this.#deps = deps;
  }

  pollAfter(delayMs: number): void {
    this.#deps.time.after(delayMs + this.#consumer.windowMs, () => this.#poll());
  }

  #poll(): void {
    if (this.#queue.expire()) {
      const { name } = this.#queue.settings;
      this.#deps.story.record('sqs', () => `deletes messages of ${name} after their retention`);
    }
    while (this.#working < maxConcurrencyOf(this.#consumer)) {
      const batch = this.#nextBatch();
      if (batch.length === 0) return;
      void this.#process(batch);
    }
  }

  #nextBatch(): readonly QueueMessage[] {
    const { random, moveToDeadLetters } = this.#deps;
    const { redrive } = this.#queue.settings;
    const { visible } = this.#queue;
    const size = random.between(1, this.#consumer.batchSize);
    const batch: QueueMessage[] = [];
    while (batch.length < size && visible.length > 0) {
      const [message] = visible.splice(random.between(0, visible.length - 1), 1);
      if (message === undefined || batch.some(({ id }) => id === message.id)) continue;
      if (redrive !== undefined && message.received >= redrive.maxReceiveCount)
        moveToDeadLetters(this.#queue, message, redrive.deadLetterQueue);
      else batch.push(message);
    }

    return batch;
  }

  async #process(batch: readonly QueueMessage[]): Promise<void> {
    const { time, faults, invoke } = this.#deps;
    const { visibilityTimeoutMs, name } = this.#queue.settings;
    this.#working += 1;
    for (const message of batch) {
      if (message.received > 0) faults.record(`redelivery ${name}`);
      this.#queue.markReceived(message, visibilityTimeoutMs);
    }
    const receipts = batch.map(({ receipt }) => receipt);
    this.pollAfter(visibilityTimeoutMs + 1);
    const result = await invoke(
      this.#consumer.folder,
      { Records: batch.map((message) => toRecord(message, name)) },
      () => batch.map(({ id, body }) => `${id} ${bodyText(body)}`).join(', '),
    );
    this.#working -= 1;
    const failed = failedIds(result, batch, this.#consumer);
    batch.forEach((message, index) => {
      // A message whose visibility timeout ended belongs to its last receiver.
      if (message.receipt !== receipts[index]) return;
      if (!failed.has(message.id)) this.#delete(message);
      else this.pollAfter(Math.max(0, message.visibleAt - time.now) + 1);
    });
    this.pollAfter(1);
  }

  #delete(message: QueueMessage): void {
    const { faults, random } = this.#deps;
    const { name, visibilityTimeoutMs } = this.#queue.settings;
    // At least once: a deleted message may come back.
    if (faults.occurs('duplicate', `sqs delete ${name}`, 0.05)) {
      const delayMs = random.between(0, visibilityTimeoutMs);
      this.#queue.hide(message, delayMs);
      this.pollAfter(delayMs + 1);
    } else this.#queue.remove(message);
  }
}
