import { kebabCase } from '../../../../cdk/constructs/names.ts';
import { type Fields, type Json, resourceNameOf, toList, valueAt } from '../intrinsics.ts';
import type { Synthesis } from '../synthesis.ts';
import { type RetryPolicy, readRetryPolicy } from './retry-policy.ts';

/** What receives the events of a rule. */
export interface RuleTarget {
  readonly kind: 'queue' | 'stateMachine' | 'function';
  /** The name of the queue or state machine, or the function's folder. */
  readonly name: string;
  /** The queue of events that could not be delivered. Without it they are lost. */
  readonly deadLetterQueue?: string | undefined;
  readonly retry: RetryPolicy;
  /** How the input differs from the event: the fields `Input`, `InputPath` and `InputTransformer` of the template. */
  readonly inputFields: Fields;
}

/** An enabled rule of an event bus. */
export interface DeployedRule {
  readonly name: string;
  readonly bus: string;
  readonly pattern: Fields;
  readonly targets: readonly RuleTarget[];
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const defaultRetry = { maximumRetryAttempts: 185, maximumEventAgeMs: 24 * 3_600_000 };

export const readRules = (synthesis: Synthesis): readonly DeployedRule[] =>
  synthesis
    .all('AWS::Events::Rule')
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map(({ name, properties }) => {
      if (properties.EventPattern === undefined) throw new Error(`Rule ${name} has no pattern.`);

      return {
        name,
        bus: resourceNameOf(properties.EventBusName),
        pattern: properties.EventPattern as Fields,
        targets: toList(properties.Targets).map((target) => readTarget(synthesis, name, target)),
      };
    });

const kinds = {
  'AWS::SQS::Queue': 'queue',
  'AWS::StepFunctions::StateMachine': 'stateMachine',
  'AWS::Lambda::Function': 'function',
} as const;

const readTarget = ({ all }: Synthesis, rule: string, target: Json): RuleTarget => {
  const name = resourceNameOf(valueAt(target, 'Arn'));
  const type = all().find((resource) => resource.name === name)?.type as keyof typeof kinds;
  const kind = kinds[type];
  if (kind === undefined) throw new Error(`Rule ${rule} has the target ${name}, which is unknown.`);
  const deadLetters = valueAt(target, 'DeadLetterConfig.Arn');
  const { Input, InputPath, InputTransformer } = target as Fields;
  const inputFields = Object.entries({ Input, InputPath, InputTransformer });

  return {
    kind,
    name: kind === 'function' ? kebabCase(name) : name,
    deadLetterQueue: deadLetters === undefined ? undefined : resourceNameOf(deadLetters),
    retry: readRetryPolicy(valueAt(target, 'RetryPolicy'), defaultRetry),
    inputFields: Object.fromEntries(
      inputFields.filter((field): field is [string, Json] => field[1] !== undefined),
    ),
  };
};
