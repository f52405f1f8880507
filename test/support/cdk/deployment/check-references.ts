import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { DeployedRule } from './event-rules.ts';
import type { DeployedConsumer, DeployedStream } from './event-sources.ts';
import type { DeployedFunction } from './functions.ts';
import type { DeployedQueue } from './queues.ts';
import type { DeployedRoute } from './routes.ts';
import type { DeployedSchedule } from './schedules.ts';
import type { StateMachineDefinition } from './state-machines.ts';

interface Parts {
  readonly tables: readonly CreateTableCommandInput[];
  readonly functions: readonly DeployedFunction[];
  readonly streams: readonly DeployedStream[];
  readonly queues: readonly DeployedQueue[];
  readonly consumers: readonly DeployedConsumer[];
  readonly bus: string;
  readonly rules: readonly DeployedRule[];
  readonly schedules: readonly DeployedSchedule[];
  readonly stateMachines: Readonly<Record<string, StateMachineDefinition>>;
  readonly routes: readonly DeployedRoute[];
}

type Reference = readonly [
  from: string,
  kind: 'table' | 'function' | 'queue' | 'bus' | 'stateMachine',
  name: string | undefined,
];

/** Throws an error that lists each reference of one part to another that does not exist. */
export const checkReferences = (parts: Parts): void => {
  const known = {
    table: new Set(parts.tables.map(({ TableName }) => TableName)),
    function: new Set(parts.functions.map(({ folder }) => folder)),
    queue: new Set(parts.queues.map(({ name }) => name)),
    bus: new Set([parts.bus]),
    stateMachine: new Set(Object.keys(parts.stateMachines)),
  };
  const unknown = referencesOf(parts)
    .filter(([, kind, name]) => name !== undefined && !known[kind].has(name))
    .map(([from, kind, name]) => `${from} refers to the ${kind} ${name}, which does not exist.`);

  if (unknown.length > 0) throw new Error(unknown.join('\n'));
};

/** An undefined name is an optional reference that a part does not have. */
const referencesOf = (parts: Parts): readonly Reference[] => [
  ...parts.streams.flatMap(({ table, folder, onFailureQueue }): Reference[] => [
    [`Stream ${table}`, 'table', table],
    [`Stream ${table}`, 'function', folder],
    [`Stream ${table}`, 'queue', onFailureQueue],
  ]),
  ...parts.queues.map(
    ({ name, redrive }): Reference => [`Queue ${name}`, 'queue', redrive?.deadLetterQueue],
  ),
  ...parts.consumers.flatMap(({ queue, folder }): Reference[] => [
    [`Consumer ${folder}`, 'queue', queue],
    [`Consumer ${folder}`, 'function', folder],
  ]),
  ...parts.rules.flatMap(({ name: rule, bus, targets }): Reference[] => [
    [`Rule ${rule}`, 'bus', bus],
    ...targets.flatMap(({ kind, name, deadLetterQueue }): Reference[] => [
      [`Rule ${rule}`, kind, name],
      [`Rule ${rule}`, 'queue', deadLetterQueue],
    ]),
  ]),
  ...parts.schedules.flatMap(({ name, folder, deadLetterQueue }): Reference[] => [
    [`Schedule ${name}`, 'function', folder],
    [`Schedule ${name}`, 'queue', deadLetterQueue],
  ]),
  ...Object.entries(parts.stateMachines).flatMap(([name, definition]) =>
    tasksOf(definition).map((folder): Reference => [`State machine ${name}`, 'function', folder]),
  ),
  ...parts.routes.map(
    ({ routeKey, folder }): Reference => [`Route ${routeKey}`, 'function', folder],
  ),
];

const tasksOf = ({ States }: StateMachineDefinition): readonly string[] =>
  Object.values(States).flatMap(({ Resource, Branches = [] }) => [
    ...(Resource === undefined ? [] : [Resource]),
    ...Branches.flatMap(tasksOf),
  ]);
