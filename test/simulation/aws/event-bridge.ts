import { matchesPattern } from '../../support/cdk/deployment/event-pattern.ts';
import type { DeployedRule, RuleTarget } from '../../support/cdk/deployment/event-rules.ts';
import type { WorldParts } from '../virtual/world-parts.ts';
import type { MessageAttributes } from './sqs-messages.ts';

/** An event as EventBridge delivers it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface PublishedEvent {
  readonly at: number;
  readonly by: string;
  readonly event: BusEvent;
}

/** An event that a fault lost on its way to one target. */
export interface LostEvent {
  /** The id of the domain event. */
  readonly id: string;
  /** The name of the queue or state machine. */
  readonly target: string;
}

interface Dependencies extends WorldParts {
  readonly rules: readonly DeployedRule[];
  /** Delivers one event to one target. Returns false if the target is throttled or fails. */
  readonly deliver: (target: RuleTarget, event: BusEvent) => boolean;
  readonly sendToQueue: (queue: string, body: string, attributes: MessageAttributes) => void;
}

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Time?: Date;
  readonly Resources?: readonly string[];
}

/** An event on its way to one target. */
interface PendingDelivery {
  readonly rule: string;
  readonly target: RuleTarget;
  readonly event: BusEvent;
  readonly since: number;
  /** Attempts after the first one. */
  readonly retries: number;
}

/** The longest delay of an event, in milliseconds: EventBridge retries a delivery for a day. */
const longestDelayMs = 86_400_000;

/** EventBridge documents an exponential backoff with jitter, and no durations. */
const firstBackoffMs = 1_000;
const longestBackoffMs = 600_000;

/** EventBridge documents 256 KB for all entries of one request. */
const maxEntryBytes = 256 * 1_024;

/** The event bus: at least once, late and in any order, to each target of each rule that matches. */
export class EventBus {
  readonly #deps: Dependencies;
  readonly published: PublishedEvent[] = [];
  readonly lost: LostEvent[] = [];
  #inTransit = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  get isIdle(): boolean {
    return this.#inTransit === 0;
  }

  putEvents(entries: readonly Entry[], by: string): object {
    const results = entries.map((entry) => this.#put(entry, by));

    return {
      FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
      Entries: results,
    };
  }

  #put(entry: Entry, by: string): { EventId?: string; ErrorCode?: string } {
    const { time, random, faults, story, rules } = this.#deps;
    const { Source = '', DetailType = '', Detail = '{}', Time, Resources = [] } = entry;
    if (faults.occurs('entryRejected', 'bus')) return { ErrorCode: 'ThrottlingException' };
    if (Source === '' || DetailType === '' || Buffer.byteLength(Detail) > maxEntryBytes)
      return { ErrorCode: 'InvalidArgument' };
    const event: BusEvent = {
      version: '0',
      id: random.id(),
      'detail-type': DetailType,
      source: Source,
      account: '000000000000',
      time: (Time ?? new Date(time.now)).toISOString(),
      region: 'us-east-1',
      resources: Resources,
      detail: JSON.parse(Detail),
    };
    this.published.push({ at: time.now, by, event });
    for (const rule of rules) {
      if (!matchesPattern(rule.pattern, event)) continue;
      for (const target of rule.targets) {
        if (faults.occurs('eventLost', `bus ${target.name}`)) {
          this.lost.push({ id: String(event.detail.id), target: target.name });
          story.record('bus', () => `loses ${DetailType} ${event.detail.id} to ${target.name}`);
          continue;
        }
        this.#route(rule.name, target, event);
        if (faults.occurs('duplicate', `bus ${target.name}`)) this.#route(rule.name, target, event);
      }
    }

    return { EventId: event.id };
  }

  #route(rule: string, target: RuleTarget, event: BusEvent): void {
    const { time, random, faults } = this.#deps;
    const isLate = faults.occurs('delay', `bus ${target.name}`);
    const delayMs = isLate ? faults.duration(Math.min(faults.mix.delayMs, longestDelayMs)) : 0;
    this.#inTransit += 1;
    const since = time.now;
    time.after(random.between(5, 40) + delayMs, () =>
      this.#attempt({ rule, target, event, since, retries: 0 }),
    );
  }

  /** Delivers, and otherwise tries again until the retry policy of the target ends. */
  #attempt(delivery: PendingDelivery): void {
    const { time, random, faults, deliver, story } = this.#deps;
    const { target, event, since, retries } = delivery;
    const { maximumRetryAttempts, maximumEventAgeMs } = target.retry;
    if (!faults.occurs('throttle', `bus ${target.name}`) && deliver(target, event)) {
      this.#inTransit -= 1;
      return;
    }
    story.record('bus', () => `cannot deliver ${event['detail-type']} to ${target.name}`);
    const longest = Math.min(firstBackoffMs * 2 ** retries, longestBackoffMs);
    const backoffMs = random.between(longest / 2, longest);
    if (retries >= maximumRetryAttempts) this.#giveUp(delivery, 'MaximumRetryAttempts');
    else if (time.now + backoffMs - since > maximumEventAgeMs)
      this.#giveUp(delivery, 'MaximumEventAgeInSeconds');
    else time.after(backoffMs, () => this.#attempt({ ...delivery, retries: retries + 1 }));
  }

  /** The dead-letter queue gets the event itself; without one, the event is lost. */
  #giveUp({ rule, target, event, retries }: PendingDelivery, condition: string): void {
    const { sendToQueue, story } = this.#deps;
    this.#inTransit -= 1;
    story.record('bus', () => `gives up ${event['detail-type']} to ${target.name}: ${condition}`);
    if (target.deadLetterQueue === undefined) {
      this.lost.push({ id: String(event.detail.id), target: target.name });
      return;
    }
    const texts = {
      RULE_ARN: `arn:aws:events:us-east-1:000000000000:rule/${rule}`,
      TARGET_ARN: `arn:aws:${target.kind}:us-east-1:000000000000:${target.name}`,
      ERROR_CODE: 'THROTTLED',
      ERROR_MESSAGE: 'The target is throttled.',
      EXHAUSTED_RETRY_CONDITION: condition,
      RETRY_ATTEMPTS: String(retries),
    };
    const attributes = Object.entries(texts).map(([name, StringValue]) => [
      name,
      { DataType: 'String', StringValue },
    ]);
    sendToQueue(target.deadLetterQueue, JSON.stringify(event), Object.fromEntries(attributes));
  }
}
