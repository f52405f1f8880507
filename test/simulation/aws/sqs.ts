import type { SQSRecord } from 'aws-lambda';
import type { DeployedConsumer } from '../../support/cdk/deployment/event-sources.ts';
import type { DeployedQueue } from '../../support/cdk/deployment/queues.ts';
import { awsError } from '../virtual/network.ts';
import type { WorldParts } from '../virtual/world-parts.ts';
import type { InvocationResult } from './lambda.ts';
import {
  bodyText,
  eventIdOf,
  failedIds,
  type MessageAttributes,
  type QueueMessage,
  sqsAttributes,
  toRecord,
} from './sqs-messages.ts';
import { checkMessage, receiveCountOf, secondsAt } from './sqs-requests.ts';

interface Queue {
  readonly settings: DeployedQueue;
  messages: QueueMessage[];
  consumer?: DeployedConsumer;
  /** Batches that Lambda works on. */
  working: number;
}

interface Dependencies extends WorldParts {
  readonly queues: readonly DeployedQueue[];
  readonly consumers: readonly DeployedConsumer[];
  readonly invoke: (
    folder: string,
    event: { readonly Records: readonly SQSRecord[] },
    about: () => string,
  ) => Promise<InvocationResult>;
}

/** The pollers that Lambda starts with, and the batches of a provisioned one. */
const batchesAtFirst = 5;
const batchesPerPoller = 10;

const maxConcurrencyOf = ({ maxConcurrency, pollers }: DeployedConsumer): number =>
  maxConcurrency ?? (pollers ? pollers.minimum * batchesPerPoller : batchesAtFirst);

/** Standard queues with their pollers: messages arrive twice, late and in any order, and move to the dead-letter queue. */
export class Sqs {
  readonly #deps: Dependencies;
  readonly #queues = new Map<string, Queue>();
  /** Every message that came into a dead-letter queue, in order. */
  readonly deadLettered: { readonly queue: string; readonly body: string; readonly at: number }[] =
    [];
  /** How many messages each domain event became, by the event's id. */
  readonly messagesByEvent = new Map<string, number>();
  #ids = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    for (const settings of deps.queues)
      this.#queues.set(settings.name, { settings, messages: [], working: 0 });
    for (const consumer of deps.consumers) this.#queue(consumer.queue).consumer = consumer;
  }

  /** Whether no queue with a consumer has a message. */
  get isIdle(): boolean {
    return [...this.#queues.values()].every(
      ({ consumer, messages }) => consumer === undefined || messages.length === 0,
    );
  }

  /** The messages of queues without a consumer: the dead-letter queues. */
  deadLetters(): readonly { readonly queue: string; readonly message: QueueMessage }[] {
    return [...this.#queues.values()]
      .filter(({ consumer }) => consumer === undefined)
      .flatMap(({ settings, messages }) =>
        messages.map((message) => ({ queue: settings.name, message })),
      );
  }

  send(name: string, body: string, delayMs = 0, attributes: MessageAttributes = {}): string {
    const { time, random, faults } = this.#deps;
    const queue = this.#queue(name);
    this.#ids += 1;
    const message = {
      id: `m-${this.#ids}`,
      body,
      attributes,
      sentAt: time.now,
      received: 0,
      visibleAt: time.now + delayMs,
      receipt: undefined,
    };
    queue.messages.push(message);
    if (queue.consumer) this.#count(body);
    else this.deadLettered.push({ queue: name, body, at: time.now });
    this.#pollAfter(queue, delayMs + random.between(1, 10));
    if (queue.consumer && faults.occurs('duplicate', `sqs ${name}`, 0.3)) {
      // Standard queues deliver at least once: a copy of the same message.
      queue.messages.push({ ...message });
      this.#pollAfter(queue, delayMs + random.between(1, 20));
    }

    return message.id;
  }

  /** Moves the messages with this body to the source of their dead-letter queue, as the console does. */
  redriveInConsole(deadLetterQueue: string, body: string): void {
    const queue = this.#queue(deadLetterQueue);
    const source = [...this.#queues.values()].find(
      ({ settings }) => settings.redrive?.deadLetterQueue === deadLetterQueue,
    );
    if (source === undefined) return;
    this.#deps.faults.record(`console redrive ${source.settings.name}`);
    const [moved, left] = [true, false].map((isMoved) =>
      queue.messages.filter((message) => (message.body === body) === isMoved),
    );
    queue.messages = left ?? [];
    for (const { attributes } of moved ?? []) this.send(source.settings.name, body, 0, attributes);
  }

  #count(body: string): void {
    const id = eventIdOf(body);
    if (id !== undefined) this.messagesByEvent.set(id, (this.messagesByEvent.get(id) ?? 0) + 1);
  }

  /** One call of the SDK's client. */
  execute(operation: string, input: Readonly<Record<string, unknown>>): object {
    const url = String(input.QueueUrl ?? '');
    if (operation === 'GetQueueUrl')
      return { QueueUrl: this.#queue(String(input.QueueName)).settings.name };
    const queue = this.#queue(url);
    if (operation === 'SendMessage') {
      const body = String(input.MessageBody);
      const attributes = (input.MessageAttributes ?? {}) as MessageAttributes;
      checkMessage(body, attributes);
      const delayMs = secondsAt(input, 'DelaySeconds', queue.settings.delayMs);
      const path = input.DelaySeconds === undefined ? 'redrive' : 'deferral';
      this.#deps.faults.record(`${path} ${queue.settings.name}`);

      return { MessageId: this.send(queue.settings.name, body, delayMs, attributes) };
    }
    if (operation === 'ReceiveMessage') return this.#receive(queue, input);
    const message = queue.messages.find(({ receipt }) => receipt === input.ReceiptHandle);
    if (operation === 'DeleteMessage') {
      queue.messages = queue.messages.filter((one) => one !== message);

      return {};
    }
    if (operation === 'ChangeMessageVisibility') {
      const delayMs = secondsAt(input, 'VisibilityTimeout', 0);
      if (message === undefined || message.visibleAt <= this.#deps.time.now)
        throw awsError('MessageNotInflight');
      message.visibleAt = this.#deps.time.now + delayMs;
      this.#pollAfter(queue, delayMs + 1);

      return {};
    }
    if (operation === 'GetQueueAttributes')
      return { Attributes: { ApproximateNumberOfMessages: String(queue.messages.length) } };
    throw new Error(`The simulated SQS has no ${operation}.`);
  }

  #queue(url: string): Queue {
    const name = url.replace(/\.(QueueName|Arn)$/, '');
    const queue = this.#queues.get(name);
    if (queue === undefined) throw awsError('QueueDoesNotExist');

    return queue;
  }

  /** A person's or a function's own receive, not that of a poller. */
  #receive(queue: Queue, input: Readonly<Record<string, unknown>>): object {
    const { time } = this.#deps;
    const timeoutMs = secondsAt(input, 'VisibilityTimeout', queue.settings.visibilityTimeoutMs);
    const received = queue.messages
      .filter(({ visibleAt }) => visibleAt <= time.now)
      .slice(0, receiveCountOf(input));
    for (const message of received) this.#markReceived(message, timeoutMs);
    if (received.length === 0) return {};

    return {
      Messages: received.map((message) => ({
        MessageId: message.id,
        Body: message.body,
        ReceiptHandle: message.receipt,
        Attributes: sqsAttributes(message),
        MessageAttributes: message.attributes,
      })),
    };
  }

  #markReceived(message: QueueMessage, visibilityTimeoutMs: number): void {
    this.#ids += 1;
    message.received += 1;
    message.visibleAt = this.#deps.time.now + visibilityTimeoutMs;
    message.receipt = `r-${this.#ids}`;
  }

  #pollAfter(queue: Queue, delayMs: number): void {
    if (queue.consumer)
      this.#deps.time.after(delayMs + queue.consumer.windowMs, () => this.#poll(queue));
  }

  #poll(queue: Queue): void {
    const { consumer } = queue;
    if (consumer === undefined) return;
    this.#expire(queue);
    while (queue.working < maxConcurrencyOf(consumer)) {
      const batch = this.#nextBatch(queue, consumer);
      if (batch.length === 0) return;
      void this.#process(queue, consumer, batch);
    }
  }

  /** SQS deletes a message after its retention. */
  #expire(queue: Queue): void {
    const { time, story } = this.#deps;
    const { retentionMs, name } = queue.settings;
    if (!queue.messages.some(({ sentAt }) => time.now - sentAt > retentionMs)) return;
    story.record('sqs', () => `deletes messages of ${name} after their retention`);
    queue.messages = queue.messages.filter(({ sentAt }) => time.now - sentAt <= retentionMs);
  }

  #nextBatch(queue: Queue, { batchSize }: DeployedConsumer): QueueMessage[] {
    const { time, random } = this.#deps;
    const { redrive } = queue.settings;
    const visible = queue.messages.filter(({ visibleAt }) => visibleAt <= time.now);
    const size = random.between(1, batchSize);
    const batch: QueueMessage[] = [];
    while (batch.length < size && visible.length > 0) {
      const [message] = visible.splice(random.between(0, visible.length - 1), 1);
      if (message === undefined || batch.some(({ id }) => id === message.id)) continue;
      if (redrive !== undefined && message.received >= redrive.maxReceiveCount)
        this.#moveToDeadLetters(queue, message, redrive.deadLetterQueue);
      else batch.push(message);
    }

    return batch;
  }

  #moveToDeadLetters(queue: Queue, message: QueueMessage, deadLetterQueue: string): void {
    const { time, story } = this.#deps;
    queue.messages = queue.messages.filter((one) => one !== message);
    // It keeps its id, its age and its attributes.
    this.#queue(deadLetterQueue).messages.push({
      ...message,
      received: 0,
      visibleAt: time.now,
      receipt: undefined,
    });
    this.deadLettered.push({ queue: deadLetterQueue, body: message.body, at: time.now });
    story.record(
      'sqs',
      () => `moves a message of ${queue.settings.name} to ${deadLetterQueue}: ${message.body}`,
    );
  }

  async #process(queue: Queue, consumer: DeployedConsumer, batch: readonly QueueMessage[]) {
    const { visibilityTimeoutMs, name } = queue.settings;
    queue.working += 1;
    for (const message of batch) {
      if (message.received > 0) this.#deps.faults.record(`redelivery ${name}`);
      this.#markReceived(message, visibilityTimeoutMs);
    }
    const receipts = batch.map(({ receipt }) => receipt);
    this.#pollAfter(queue, visibilityTimeoutMs + 1);
    const result = await this.#deps.invoke(
      consumer.folder,
      { Records: batch.map((message) => toRecord(message, name)) },
      () => batch.map(({ id, body }) => `${id} ${bodyText(body)}`).join(', '),
    );
    queue.working -= 1;
    const failed = failedIds(result, batch, consumer);
    batch.forEach((message, index) => {
      // A message whose visibility timeout ended belongs to who received it last.
      if (message.receipt !== receipts[index]) return;
      if (!failed.has(message.id)) this.#acknowledge(queue, message);
      else this.#pollAfter(queue, Math.max(0, message.visibleAt - this.#deps.time.now) + 1);
    });
    this.#pollAfter(queue, 1);
  }

  #acknowledge(queue: Queue, message: QueueMessage): void {
    const { faults, random } = this.#deps;
    // At least once: a deleted message may come back.
    if (faults.occurs('duplicate', `sqs delete ${queue.settings.name}`, 0.05)) {
      const delayMs = random.between(0, queue.settings.visibilityTimeoutMs);
      message.visibleAt = this.#deps.time.now + delayMs;
      this.#pollAfter(queue, delayMs + 1);
    } else queue.messages = queue.messages.filter((one) => one !== message);
  }
}
