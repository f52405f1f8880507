import type { State, StateMachineDefinition } from '../../support/cdk/deployment/state-machines.ts';
import { type After, withDeadline } from './deadline.ts';
import { createScope, type Scope } from './execution-scope.ts';
import { countRetries, errorNameOf, isForError, StateError } from './state-errors.ts';
import { checkDefinition } from './state-fields.ts';

export interface StateMachineHooks {
  /**
   * Runs a task. Rejects with an error whose `name` is that of Step Functions: the type of the function's error,
   * `Lambda.TooManyRequestsException`, `Lambda.Unknown`, `Sandbox.Timedout`.
   */
  readonly runTask: (folder: string, input: unknown) => Promise<unknown>;
  readonly after: After;
  /** At least 0 and below 1. */
  readonly random: () => number;
  /** Called with the name of each entered state. */
  readonly onState?: ((name: string) => void) | undefined;
}

/**
 * Runs an execution to its end. Resolves with its output; rejects with the error that ended it, such as
 * `States.Timeout`. Rejects also if the definition uses what this interpreter does not know.
 */
export const executeStateMachine = async (
  definition: StateMachineDefinition,
  input: unknown,
  hooks: StateMachineHooks,
): Promise<unknown> => {
  checkDefinition(definition);
  const { TimeoutSeconds } = definition;
  const execution = createScope(hooks.after);
  const running = runStates(definition, input, hooks, execution);
  if (TimeoutSeconds === undefined) return running;

  return withDeadline(running, hooks.after, TimeoutSeconds * 1_000, (_, reject) => {
    execution.stop();
    reject(timeoutError('The execution', TimeoutSeconds));
  });
};

const timeoutError = (what: string, seconds: number) =>
  new StateError('States.Timeout', `${what} took longer than ${seconds} s.`);

/** Runs from the first state to the end, and returns the output. */
const runStates = async (
  { StartAt, States }: StateMachineDefinition,
  input: unknown,
  hooks: StateMachineHooks,
  scope: Scope,
): Promise<unknown> => {
  let step: Step = { output: input, next: StartAt };
  while (step.next !== undefined) {
    const state = States[step.next];
    if (state === undefined) throw new StateError('States.Runtime', `No state ${step.next}.`);
    hooks.onState?.(step.next);
    step = await scope.unlessStopped(runState(state, step.output, hooks, scope));
  }

  return step.output;
};

interface Step {
  readonly output: unknown;
  /** The next state; undefined at the end. */
  readonly next: string | undefined;
}

/** Runs a state with its retries; then its first catch for the error decides. */
const runState = async (
  state: State,
  input: unknown,
  hooks: StateMachineHooks,
  scope: Scope,
): Promise<Step> => {
  const nextDelayMs = countRetries(state, hooks.random);
  for (;;) {
    try {
      const result = await scope.unlessStopped(resultOf(state, input, hooks, scope));

      return { output: placed(state, input, result), next: state.Next };
    } catch (error) {
      const delay = nextDelayMs(error);
      if (delay === undefined) return afterError(state, input, error);
      await scope.wait(delay);
    }
  }
};

const resultOf = async (
  state: State,
  input: unknown,
  hooks: StateMachineHooks,
  scope: Scope,
): Promise<unknown> => {
  if (state.Type === 'Task') return runTask(state, input, hooks);
  if (state.Type === 'Parallel') return runBranches(state, input, hooks, scope);
  if (state.Type === 'Fail') throw new StateError(state.Error ?? 'Error', state.Cause ?? '');

  return input;
};

/** A late result of a task that timed out is ignored. */
const runTask = (
  { Resource = '', TimeoutSeconds }: State,
  input: unknown,
  hooks: StateMachineHooks,
): Promise<unknown> => {
  const running = hooks.runTask(Resource, input);
  if (TimeoutSeconds === undefined) return running;

  return withDeadline(running, hooks.after, TimeoutSeconds * 1_000, (_, reject) =>
    reject(timeoutError(`The task ${Resource}`, TimeoutSeconds)),
  );
};

/** The outputs of all branches. The first error of a branch stops the others; functions that run go on. */
const runBranches = async (
  { Branches = [] }: State,
  input: unknown,
  hooks: StateMachineHooks,
  scope: Scope,
): Promise<unknown> => {
  const branches = createScope(hooks.after, scope);
  try {
    return await Promise.all(Branches.map((branch) => runStates(branch, input, hooks, branches)));
  } finally {
    branches.stop();
  }
};

const placed = (
  { ResultPath = '$' }: { ResultPath?: string | null },
  input: unknown,
  result: unknown,
) => (ResultPath === null ? input : result);

const afterError = ({ Catch = [] }: State, input: unknown, error: unknown): Step => {
  const rule = Catch.find((one) => isForError(one, errorNameOf(error)));
  if (rule === undefined) throw error;
  const cause = { Error: errorNameOf(error), Cause: error instanceof Error ? error.message : '' };

  return { output: placed(rule, input, cause), next: rule.Next };
};
