import { matchesPattern } from '../../bench/host/event-pattern.ts';
import type { DeployedRule, RuleTarget } from '../../support/cdk/deployment/event-rules.ts';
import type { Faults } from '../virtual/faults.ts';
import type { Random } from '../virtual/random.ts';
import type { Story } from '../virtual/story.ts';
import type { VirtualTime } from '../virtual/time.ts';

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

interface Dependencies {
  readonly rules: readonly DeployedRule[];
  /** Delivers one event to one target. */
  readonly deliver: (target: RuleTarget, event: BusEvent) => void;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: Faults;
  readonly story: Story;
}

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Time?: Date;
  readonly Resources?: readonly string[];
}

/** The longest delay of an event, in milliseconds: EventBridge retries a delivery for a day. */
const longestDelayMs = 86_400_000;

/** EventBridge documents 256 KB for all entries of one request. */
const maxEntryBytes = 256 * 1_024;

/** The event bus: at least once, late and in any order, to each target of each rule that matches. */
export class EventBus {
  readonly #deps: Dependencies;
  readonly published: PublishedEvent[] = [];
  /** Ids of the domain events that a fault lost between the bus and a target. */
  readonly lost: string[] = [];
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
          this.lost.push(String(event.detail.id));
          story.tell('bus', () => `loses ${DetailType} ${event.detail.id} to ${target.name}`);
          continue;
        }
        this.#route(target, event);
        if (faults.occurs('duplicate', `bus ${target.name}`)) this.#route(target, event);
      }
    }

    return { EventId: event.id };
  }

  #route(target: RuleTarget, event: BusEvent): void {
    const { time, random, faults, deliver } = this.#deps;
    const isLate = faults.occurs('delay', `bus ${target.name}`);
    const delayMs = isLate ? faults.duration(Math.min(faults.mix.delayMs, longestDelayMs)) : 0;
    this.#inTransit += 1;
    time.after(random.between(5, 40) + delayMs, () => {
      this.#inTransit -= 1;
      deliver(target, event);
    });
  }
}
