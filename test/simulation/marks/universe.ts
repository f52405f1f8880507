import type { DeadLetterDisposition } from '../../../shared/domain/dead-letters/dead-letter-policy.ts';
import { type EventName, eventData } from '../../../shared/domain/events/domain-event.ts';
import { isPublished } from '../../../shared/domain/outbox/outbox-event.ts';
import { statusByCode } from '../../../shared/http/problem.ts';
import type { Deployment } from '../../support/cdk/deployment/deployed-resources.ts';
import type { StateMachineDefinition } from '../../support/cdk/deployment/state-machines.ts';
import { explanations } from '../checks/explained-reviews.ts';
import type { FaultKind } from '../virtual/fault-mix.ts';
import { transitionUniverse } from './transition-marks.ts';

const dispositions = [
  'redrive',
  'inquiry-required',
  'obsolete',
  'poison',
] as const satisfies readonly DeadLetterDisposition[];

/** The decisions of each kind of review: see docs/runbook.md, "Review opened". */
const decided = [
  ...['completed', 'failed', 'reversed'].map((decision) => `payment ${decision}`),
  ...['completed', 'failed'].map((decision) => `refund ${decision}`),
  ...['completed', 'reversed'].map((decision) => `gateway-difference ${decision}`),
];

const statesOf = ({ States }: StateMachineDefinition): readonly string[] =>
  Object.entries(States).flatMap(([name, { Branches = [] }]) => [
    name,
    ...Branches.flatMap(statesOf),
  ]);

/** Every mark that a run can leave, except faults: where they can occur is only known from runs. */
export const coverageUniverse = ({
  consumers,
  streams,
  stateMachines,
}: Pick<Deployment, 'consumers' | 'streams' | 'stateMachines'>): readonly string[] => [
  ...transitionUniverse(),
  ...Object.keys(statusByCode).map((code) => `refusal: ${code}`),
  ...(Object.keys(eventData) as EventName[])
    .filter((name) => isPublished(name))
    .map((name) => `event: ${name}`),
  ...['relay-changes', 'sweep-payments'].map((by) => `publisher: ${by}`),
  ...Object.keys(explanations).map((review) => `review: ${review}`),
  ...decided.map((decision) => `decision: ${decision}`),
  ...dispositions.map((disposition) => `dead letter: ${disposition}`),
  ...Object.values(stateMachines)
    .flatMap(statesOf)
    .map((state) => `state: ${state}`),
  ...consumers.flatMap(({ queue }) =>
    ['redelivery', 'deferral'].map((path) => `retry: ${path} ${queue}`),
  ),
  ...['redrive', 'console redrive'].map((path) => `retry: ${path}`),
  ...streams.flatMap(({ table }) =>
    ['stream retry', 'stream given up'].map((path) => `retry: ${path} ${table}`),
  ),
];

const anyCall: readonly FaultKind[] = ['slow', 'stall', 'crashBefore', 'crashAfter'];

/** The kinds of faults that can occur at a place that a call passes. */
const kindsAt = (place: string): readonly FaultKind[] => {
  const [, service, operation = ''] = /^\S+ (\w+):(\w+)/.exec(place) ?? [];
  if (service === undefined) return [];
  if (service === 'gateway')
    return [
      ...anyCall,
      'gatewayRefused',
      'gatewayRequestLost',
      'gatewayResponseLost',
      'gatewayError',
      'gatewayReset',
    ];
  const isWrite = service === 'dynamodb' && /^(?:TransactWrite|Update|Put|Delete)/.test(operation);

  return [
    ...anyCall,
    'throttle',
    'lostResponse',
    ...(service === 'receiver' ? [] : (['resend'] as const)),
    ...(isWrite ? (['transactionConflict'] as const) : []),
    ...(operation === 'TransactWrite' ? (['transactionInProgress'] as const) : []),
  ];
};

/** Every kind of fault at every call that had one in these runs. */
export const faultUniverse = (taken: Iterable<string>): readonly string[] => {
  const places = [...taken].flatMap((mark) => /^fault: \w+ (.+)$/.exec(mark)?.[1] ?? []);

  return [...new Set(places)].flatMap((place) =>
    kindsAt(place).map((kind) => `fault: ${kind} ${place}`),
  );
};
