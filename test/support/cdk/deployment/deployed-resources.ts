import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { DeployedRule } from './event-rules.ts';
import type { DeployedConsumer, DeployedStream } from './event-sources.ts';
import type { DeployedFunction } from './functions.ts';
import type { DeployedQueue } from './queues.ts';
import type { DeployedRoute, Throttle } from './routes.ts';
import type { DeployedSchedule } from './schedules.ts';
import type { StateMachineDefinition } from './state-machines.ts';

/**
 * The deployed resources that decide how messages and calls move, by the names of their constructs. It is plain data,
 * so that a bench can send it to another process.
 */
export interface Deployment {
  readonly tables: readonly CreateTableCommandInput[];
  /** The attribute with an item's expiry in seconds since the epoch, by table. Most tables have none. */
  readonly timeToLive: Readonly<Record<string, string>>;
  readonly functions: readonly DeployedFunction[];
  readonly streams: readonly DeployedStream[];
  /** All queues, also dead-letter queues. */
  readonly queues: readonly DeployedQueue[];
  readonly consumers: readonly DeployedConsumer[];
  /** The event bus that the functions publish on. */
  readonly bus: string;
  readonly rules: readonly DeployedRule[];
  readonly schedules: readonly DeployedSchedule[];
  /** Definitions by name, in the Amazon States Language; a task names its function's folder. */
  readonly stateMachines: Readonly<Record<string, StateMachineDefinition>>;
  /** The routes of the service's HTTP API. */
  readonly routes: readonly DeployedRoute[];
  readonly throttle?: Throttle | undefined;
}
