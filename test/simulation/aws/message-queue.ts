import type { DeployedQueue } from '../../support/cdk/deployment/queues.ts';
import type { VirtualTime } from '../virtual/time.ts';
import type { QueueMessage } from './sqs-messages.ts';

/** The messages of one queue, in the order in which they came. */
export class MessageQueue {
  readonly settings: DeployedQueue;
  messages: readonly QueueMessage[] = [];
  readonly #time: VirtualTime;
  readonly #nextId: () => number;

  /** `nextId` gives a number that no message or receipt of any queue has. */
  constructor(settings: DeployedQueue, time: VirtualTime, nextId: () => number) {
    this.settings = settings;
    this.#time = time;
    this.#nextId = nextId;
  }

  get visible(): QueueMessage[] {
    return this.messages.filter((message) => !this.isHidden(message));
  }

  isHidden({ visibleAt }: QueueMessage): boolean {
    return visibleAt > this.#time.now;
  }

  add(message: QueueMessage): void {
    this.messages = [...this.messages, message];
  }

  remove(message: QueueMessage | undefined): void {
    this.messages = this.messages.filter((one) => one !== message);
  }

  hide(message: QueueMessage, delayMs: number): void {
    message.visibleAt = this.#time.now + delayMs;
  }

  /** Counts a receive, gives the message a new receipt and hides it. */
  markReceived(message: QueueMessage, visibilityTimeoutMs: number): void {
    message.received += 1;
    this.hide(message, visibilityTimeoutMs);
    message.receipt = `r-${this.#nextId()}`;
  }

  /** Deletes the messages whose retention has ended. Returns whether there were any. */
  expire(): boolean {
    const { retentionMs } = this.settings;
    const kept = this.messages.filter(({ sentAt }) => this.#time.now - sentAt <= retentionMs);
    const hasExpired = kept.length < this.messages.length;
    if (hasExpired) this.messages = kept;

    return hasExpired;
  }
}
