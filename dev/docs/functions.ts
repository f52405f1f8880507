import { pascalCase } from '../../cdk/constructs/names.ts';
import { subscriptions } from '../../shared/domain/events/subscriptions.ts';
import { fallbackFunctionName, routes } from '../../shared/http/routes.ts';
import {
  canaryPermissions,
  expectedPermissions,
  simulatorPermissions,
} from '../../test/infra/permissions.ts';
import { table } from '../cli/markdown.ts';

/** Every function folder, by what it belongs to. */
export const functionsByCapability = {
  orders: ['create-order', 'list-orders', 'get-order', 'cancel-order'],
  payments: [
    'accept-payment',
    'charge-payment',
    'inquire-payment',
    'get-payment',
    'list-payments',
    'confirm-payment',
    'cancel-payment',
    'cancel-operator-payment',
    'request-inquiry',
    'receive-webhook',
  ],
  refunds: [
    'request-refund',
    'request-operator-refund',
    'execute-refund',
    'refund-cancelled-payment',
    'get-refund',
  ],
  compensation: [
    'compensate-payment',
    'restore-stock',
    'restore-balance',
    'release-order',
    'finish-compensation',
  ],
  events: ['relay-changes', 'send-to-data-platform', 'notify-buyer'],
  points: ['add-loyalty-points', 'get-points'],
  ranking: ['update-ranking', 'get-rankings'],
  balance: ['get-balance'],
  timeline: ['get-timeline', 'get-operator-timeline'],
  recovery: ['sweep-payments', 'measure-backlog'],
  canary: ['pay-canary-order'],
  reviews: ['open-review', 'close-review', 'list-reviews', 'get-review', 'resolve-review'],
  'dead letters': ['list-dead-letters', 'redrive-dead-letters'],
  reconciliation: ['reconcile-ledger'],
  API: ['get-health', 'get-openapi', 'reject-unknown-route'],
  simulators: ['simulate-gateway', 'receive-deliveries'],
} as const;

const otherTriggers: Readonly<Record<string, string>> = {
  [fallbackFunctionName]: 'any other route',
  'relay-changes': 'DynamoDB streams',
  'sweep-payments': 'schedule, every minute',
  'measure-backlog': 'schedule, every minute',
  'pay-canary-order': 'schedule, every minute, on AWS',
  'restore-stock': 'Step Functions',
  'restore-balance': 'Step Functions',
  'release-order': 'Step Functions',
  'finish-compensation': 'Step Functions',
  'simulate-gateway': 'HTTP, in a sandbox',
  'receive-deliveries': 'HTTP, in a sandbox',
};

const eventsByConsumer: Readonly<Record<string, readonly string[]>> = subscriptions;

const triggerOf = (folder: string): string => {
  const called = routes.filter(({ function: name }) => name === folder);
  if (called.length > 0)
    return called.map(({ method, path }) => `\`${method} ${path}\``).join(', ');
  const trigger = eventsByConsumer[folder]?.join(', ') ?? otherTriggers[folder];
  if (trigger === undefined) throw new Error(`dev/docs/functions.ts has no trigger of ${folder}.`);

  return trigger;
};

const permissions: typeof expectedPermissions = {
  ...expectedPermissions,
  ...canaryPermissions,
  ...simulatorPermissions,
};

/** The tables of a function by its permissions; those that it writes are in bold. Streams and the idempotency store are left out. */
const tablesOf = (folder: string): string => {
  const own = permissions[pascalCase(folder)];
  if (own === undefined) throw new Error(`test/infra/permissions/ has no entry for ${folder}.`);
  const actions = Object.entries(own)
    .filter(([resource]) => !resource.endsWith('(stream)') && resource !== 'Idempotency')
    .flatMap(([resource, names]) =>
      names
        .filter((name) => name.startsWith('dynamodb:'))
        .map((name) => [resource.replace(/\/.*/, ''), name] as const),
    );
  const written = new Set(
    actions.filter(([, name]) => /:(Put|Update|Delete)Item$/.test(name)).map(([one]) => one),
  );

  return [...new Set(actions.map(([one]) => one))]
    .map((one) => (written.has(one) ? `**${one}**` : one))
    .join(', ');
};

/** Each function with its capability, what invokes it, and its tables. */
export const functionList = (): string =>
  table(
    ['capability', 'function', 'trigger', 'tables (bold: written)'],
    Object.entries(functionsByCapability).flatMap(([capability, folders]) =>
      folders.map((folder) => [
        capability,
        `[${folder}](../functions/${folder})`,
        triggerOf(folder),
        tablesOf(folder),
      ]),
    ),
  );
