import type { ApiRequest } from '../support/builders/api-gateway-event.ts';
import type { LostEvent, PublishedEvent } from './aws/event-bridge.ts';
import type { SimulatedGateway } from './gateways/gateway.ts';
import type { Faults } from './virtual/faults.ts';

export type Stage = 'local' | 'sandbox';

/** A response of the API that reached a person. */
export interface ApiAnswer {
  /** When its request was sent and when it arrived, in milliseconds since the epoch. */
  readonly sentAt: number;
  readonly at: number;
  readonly request: ApiRequest;
  readonly status: number;
  /** Parsed JSON; undefined without a body. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** A delivery that an external system has received, once or more. */
export interface Delivery {
  readonly receiver: 'data-platform' | 'notifications';
  /** The id by which the receiver recognizes a duplicate. */
  readonly key: string;
  readonly bodies: readonly string[];
  readonly times: number;
}

/** A message in a dead-letter queue. */
export interface DeadLetter {
  readonly queue: string;
  readonly body: string;
  readonly at: number;
}

/** A write of the shop's other systems, such as the catalogue. */
export interface ExternalWrite {
  readonly table: string;
  readonly before: Readonly<Record<string, unknown>> | undefined;
  /** Undefined if the item is deleted. */
  readonly after: Readonly<Record<string, unknown>> | undefined;
}

export interface TableView {
  readonly items: <Item>(table: string) => readonly Item[];
  readonly item: <Item>(table: string, key: object) => Item | undefined;
}

/** All that happened in a run, for the checks. Times are milliseconds since the epoch. */
export interface RunRecord {
  readonly stage: Stage;
  readonly tables: TableView;
  readonly gateway: SimulatedGateway;
  /** The tokens that each payment was ever to be charged with, by paymentId. */
  readonly paymentMethods: ReadonlyMap<string, ReadonlySet<string>>;
  readonly published: readonly PublishedEvent[];
  /** The events that a fault lost between bus and target. */
  readonly lostEvents: readonly LostEvent[];
  /** The ids of the payments of which a fault lost a webhook. */
  readonly lostWebhooks: ReadonlySet<string>;
  readonly externalWrites: readonly ExternalWrite[];
  readonly deliveries: readonly Delivery[];
  readonly answers: readonly ApiAnswer[];
  /** Every message that ever reached a dead-letter queue. */
  readonly deadLettered: readonly DeadLetter[];
  /** The messages that are in one now. */
  readonly deadLetters: readonly DeadLetter[];
  /** How many messages each event became, by the event's id, deferred copies included. */
  readonly messagesByEvent: ReadonlyMap<string, number>;
  /** Log lines of the functions, in order. */
  readonly logLines: readonly string[];
  readonly faults: Faults;
  readonly invocations: number;
  readonly startedAt: number;
  readonly calmAt: number;
  /** When every payment and refund was final, and every queue empty; undefined if never. */
  readonly settledAt: number | undefined;
  readonly now: number;
}
