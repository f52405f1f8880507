import type { Deployment } from './deployed-resources.ts';
import type { StateMachineDefinition } from './state-machines.ts';

type Reference = readonly [
  from: string,
  kind: 'table' | 'function' | 'queue' | 'bus' | 'stateMachine',
  name: string | undefined,
];

/** Throws an error that lists each reference of one resource to another that does not exist. */
export const checkReferences = (deployment: Deployment): void => {
  const known = {
    table: new Set(deployment.tables.map(({ TableName }) => TableName)),
    function: new Set(deployment.functions.map(({ folder }) => folder)),
    queue: new Set(deployment.queues.map(({ name }) => name)),
    bus: new Set([deployment.bus]),
    stateMachine: new Set(Object.keys(deployment.stateMachines)),
  };
  const unknown = referencesOf(deployment)
    .filter(([, kind, name]) => name !== undefined && !known[kind].has(name))
    .map(([from, kind, name]) => `${from} refers to the ${kind} ${name}, which does not exist.`);

  if (unknown.length > 0) throw new Error(unknown.join('\n'));
};

/** An undefined name is an optional reference that a resource does not have. */
const referencesOf = (deployment: Deployment): readonly Reference[] => [
  ...deployment.streams.flatMap(({ table, folder, onFailureQueue }): Reference[] => [
    [`Stream ${table}`, 'table', table],
    [`Stream ${table}`, 'function', folder],
    [`Stream ${table}`, 'queue', onFailureQueue],
  ]),
  ...deployment.queues.map(
    ({ name, redrive }): Reference => [`Queue ${name}`, 'queue', redrive?.deadLetterQueue],
  ),
  ...deployment.consumers.flatMap(({ queue, folder }): Reference[] => [
    [`Consumer ${folder}`, 'queue', queue],
    [`Consumer ${folder}`, 'function', folder],
  ]),
  ...deployment.rules.flatMap(({ name: rule, bus, targets }): Reference[] => [
    [`Rule ${rule}`, 'bus', bus],
    ...targets.flatMap(({ kind, name, deadLetterQueue }): Reference[] => [
      [`Rule ${rule}`, kind, name],
      [`Rule ${rule}`, 'queue', deadLetterQueue],
    ]),
  ]),
  ...deployment.schedules.flatMap(({ name, folder, deadLetterQueue }): Reference[] => [
    [`Schedule ${name}`, 'function', folder],
    [`Schedule ${name}`, 'queue', deadLetterQueue],
  ]),
  ...Object.entries(deployment.stateMachines).flatMap(([name, definition]) =>
    tasksOf(definition).map((folder): Reference => [`State machine ${name}`, 'function', folder]),
  ),
  ...deployment.routes.map(
    ({ routeKey, folder }): Reference => [`Route ${routeKey}`, 'function', folder],
  ),
];

const tasksOf = ({ States }: StateMachineDefinition): readonly string[] =>
  Object.values(States).flatMap(({ Resource, Branches = [] }) => [
    ...(Resource === undefined ? [] : [Resource]),
    ...Branches.flatMap(tasksOf),
  ]);
