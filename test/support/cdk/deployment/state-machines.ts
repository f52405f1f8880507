import { kebabCase } from '../../../../cdk/constructs/names.ts';
import { toText } from '../intrinsics.ts';
import type { Synthesis } from '../synthesis.ts';

/** When a failed state is retried. A rule counts its own retries. */
export interface StateRetry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

/** Where an execution continues after a failed state. */
export interface StateCatch {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  /** Where the error goes in the state's input; null discards it. */
  readonly ResultPath?: string | null;
}

/** A state of the Amazon States Language. */
export interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  /** Of a task: the folder of its function. */
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Branches?: readonly StateMachineDefinition[];
  readonly Retry?: readonly StateRetry[];
  readonly Catch?: readonly StateCatch[];
  /** Where the output goes in the state's input; null discards it. */
  readonly ResultPath?: string | null;
  /** Of a fail state: the name and the message of the error. */
  readonly Error?: string;
  readonly Cause?: string;
}

/** A state machine, or a branch of a parallel state, in the Amazon States Language. */
export interface StateMachineDefinition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

/** The definitions by name. A task names its function's folder. */
export const readStateMachines = ({
  all,
}: Synthesis): Readonly<Record<string, StateMachineDefinition>> =>
  Object.fromEntries(
    all('AWS::StepFunctions::StateMachine').map(({ name, properties }) => [
      name,
      JSON.parse(
        toText(properties.DefinitionString ?? '').replaceAll(
          /"Resource":"(\w+)\.Arn"/g,
          (_, id: string) => `"Resource":"${kebabCase(id)}"`,
        ),
      ),
    ]),
  );
