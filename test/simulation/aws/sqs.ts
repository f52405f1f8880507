import type { DeployedConsumer } from '../../support/cdk/deployment/event-sources.ts';
import type { DeployedQueue } from '../../support/cdk/deployment/queues.ts';
import type { DeadLetter } from '../run-record.ts';
import { awsError } from '../virtual/network.ts';
import { MessageQueue } from './message-queue.ts';
import { type PollerDependencies, QueuePoller } from './queue-poller.ts';
import {
  eventIdOf,
  type MessageAttributes,
  type QueueMessage,
  sqsAttributes,
} from './sqs-messages.ts';
import { checkMessage, receiveCountOf, secondsAt } from './sqs-requests.ts';

interface Dependencies extends Omit<PollerDependencies, 'moveToDeadLetters'> {
  readonly queues: readonly DeployedQueue[];
  readonly consumers: readonly DeployedConsumer[];
}

type Input = Readonly<Record<string, unknown>>;

/** Standard queues with their pollers: messages arrive twice, late and in any order, and move to the dead-letter queue. */
export class Sqs {
  readonly #deps: Dependencies;
  readonly #queues: ReadonlyMap<string, MessageQueue>;
  /** By the name of the queue. A dead-letter queue has none. */
  readonly #pollers = new Map<string, QueuePoller>();
  /** Every message that came into a dead-letter queue, in order. */
  readonly deadLettered: DeadLetter[] = [];
  /** How many messages each domain event became, by the event's id. */
  readonly messagesByEvent = new Map<string, number>();
  #lastId = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#queues = new Map(
      deps.queues.map((settings) => [
        settings.name,
        new MessageQueue(settings, deps.time, () => this.#nextId()),
      ]),
    );
    for (const consumer of deps.consumers) {
      const queue = this.#queue(consumer.queue);
      const poller = new QueuePoller(queue, consumer, {
        ...deps,
        moveToDeadLetters: (...moved) => this.#moveToDeadLetters(...moved),
      });
      this.#pollers.set(queue.settings.name, poller);
    }
  }

  /** Whether no queue with a consumer has a message. */
  get isIdle(): boolean {
    return [...this.#queues.values()].every(
      ({ settings, messages }) => !this.#pollers.has(settings.name) || messages.length === 0,
    );
  }

  /** The messages of queues without a consumer: the dead-letter queues. */
  get deadLetters(): readonly DeadLetter[] {
    return [...this.#queues.values()]
      .filter(({ settings }) => !this.#pollers.has(settings.name))
      .flatMap(({ settings, messages }) =>
        messages.map(({ body, sentAt }) => ({ queue: settings.name, body, at: sentAt })),
      );
  }

  send(name: string, body: string, delayMs = 0, attributes: MessageAttributes = {}): string {
    const { time, random, faults } = this.#deps;
    const queue = this.#queue(name);
    const poller = this.#pollers.get(name);
    const message = {
      id: `m-${this.#nextId()}`,
      body,
      attributes,
      sentAt: time.now,
      received: 0,
      visibleAt: time.now + delayMs,
      receipt: undefined,
    };
    queue.add(message);
    if (poller) this.#countMessage(body);
    else this.deadLettered.push({ queue: name, body, at: time.now });
    const latencyMs = random.between(1, 10);
    poller?.pollAfter(delayMs + latencyMs);
    if (poller && faults.occurs('duplicate', `sqs ${name}`, 0.3)) {
      // Standard queues deliver at least once: a copy of the same message.
      queue.add({ ...message });
      poller.pollAfter(delayMs + random.between(1, 20));
    }

    return message.id;
  }

  /** Moves the messages with this body to the source of their dead-letter queue, as the console does. */
  redriveInConsole(deadLetterQueue: string, body: string): void {
    const queue = this.#queue(deadLetterQueue);
    const source = [...this.#queues.values()].find(
      ({ settings }) => settings.redrive?.deadLetterQueue === deadLetterQueue,
    )?.settings.name;
    if (source === undefined) return;
    this.#deps.faults.record(`console redrive ${source}`);
    const moved = queue.messages.filter((message) => message.body === body);
    for (const message of moved) {
      queue.remove(message);
      this.send(source, body, 0, message.attributes);
    }
  }

  /** One call of the SDK's client. */
  execute(operation: string, input: Input): object {
    if (operation === 'GetQueueUrl')
      return { QueueUrl: this.#queue(String(input.QueueName)).settings.name };
    const queue = this.#queue(String(input.QueueUrl ?? ''));
    switch (operation) {
      case 'SendMessage':
        return this.#sendMessage(queue, input);
      case 'ReceiveMessage':
        return this.#receiveMessage(queue, input);
      case 'DeleteMessage':
        queue.remove(messageOf(queue, input));

        return {};
      case 'ChangeMessageVisibility':
        return this.#changeVisibility(queue, input);
      case 'GetQueueAttributes':
        return { Attributes: { ApproximateNumberOfMessages: String(queue.messages.length) } };
      default:
        throw new Error(`The simulated SQS has no ${operation}.`);
    }
  }

  #sendMessage({ settings }: MessageQueue, input: Input): object {
    const body = String(input.MessageBody);
    const attributes = (input.MessageAttributes ?? {}) as MessageAttributes;
    checkMessage(body, attributes);
    const delayMs = secondsAt(input, 'DelaySeconds', settings.delayMs);
    const path = input.DelaySeconds === undefined ? 'redrive' : 'deferral';
    this.#deps.faults.record(`${path} ${settings.name}`);

    return { MessageId: this.send(settings.name, body, delayMs, attributes) };
  }

  /** The receive of a function, not that of a poller. */
  #receiveMessage(queue: MessageQueue, input: Input): object {
    const timeoutMs = secondsAt(input, 'VisibilityTimeout', queue.settings.visibilityTimeoutMs);
    const received = queue.visible.slice(0, receiveCountOf(input));
    for (const message of received) queue.markReceived(message, timeoutMs);
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

  #changeVisibility(queue: MessageQueue, input: Input): object {
    const message = messageOf(queue, input);
    const delayMs = secondsAt(input, 'VisibilityTimeout', 0);
    if (message === undefined || !queue.isHidden(message)) throw awsError('MessageNotInflight');
    queue.hide(message, delayMs);
    this.#pollers.get(queue.settings.name)?.pollAfter(delayMs + 1);

    return {};
  }

  #queue(url: string): MessageQueue {
    const name = url.replace(/\.(QueueName|Arn)$/, '');
    const queue = this.#queues.get(name);
    if (queue === undefined) throw awsError('QueueDoesNotExist');

    return queue;
  }

  #nextId(): number {
    this.#lastId += 1;

    return this.#lastId;
  }

  #countMessage(body: string): void {
    const id = eventIdOf(body);
    if (id !== undefined) this.messagesByEvent.set(id, (this.messagesByEvent.get(id) ?? 0) + 1);
  }

  /** The message keeps its id, its age and its attributes. */
  #moveToDeadLetters(queue: MessageQueue, message: QueueMessage, deadLetterQueue: string): void {
    const { time, story } = this.#deps;
    const { name } = queue.settings;
    queue.remove(message);
    this.#queue(deadLetterQueue).add({
      ...message,
      received: 0,
      visibleAt: time.now,
      receipt: undefined,
    });
    this.deadLettered.push({ queue: deadLetterQueue, body: message.body, at: time.now });
    story.record('sqs', () => `moves a message of ${name} to ${deadLetterQueue}: ${message.body}`);
  }
}

/** The message with the receipt of a request. */
const messageOf = ({ messages }: MessageQueue, { ReceiptHandle }: Input) =>
  messages.find(({ receipt }) => receipt === ReceiptHandle);
