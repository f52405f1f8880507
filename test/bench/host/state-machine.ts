import type { State, StateMachineDefinition } from '../../support/cdk/deployment/state-machines.ts';

interface StateMachineHooks {
  readonly invoke: (folder: string, input: unknown) => Promise<unknown>;
  /** Called for each entered state, the unit that Step Functions charges for. */
  readonly entered: (state: string) => void;
}

/**
 * Runs the service's state machines: tasks with the payment id, parallel branches, one catch for all errors.
 */
export const runMachine = async (
  { StartAt, States }: StateMachineDefinition,
  input: unknown,
  steps: StateMachineHooks,
): Promise<void> => {
  for (let name: string | undefined = StartAt; name !== undefined; ) {
    const state: State | undefined = States[name];
    if (state === undefined) throw new Error(`State ${name} does not exist.`);
    steps.entered(name);
    name = await nextOf(state, input, steps);
  }
};

const nextOf = async (
  state: State,
  input: unknown,
  steps: StateMachineHooks,
): Promise<string | undefined> => {
  const { Type, Resource, Branches = [], Catch: [caught] = [], Next } = state;
  try {
    if (Type === 'Task') await steps.invoke(Resource ?? '', input);
    if (Type === 'Parallel') {
      await Promise.all(Branches.map((branch) => runMachine(branch, input, steps)));
    }
  } catch (error) {
    if (!caught) throw error;

    return caught.Next;
  }

  return Next;
};
