import type { StateMachineDefinition } from '../../support/cdk/deployment/state-machines.ts';

const common = ['Type', 'Next', 'End', 'Comment'];
const retried = ['Retry', 'Catch', 'ResultPath'];

/** The fields that the interpreter knows, by the type of a state. */
const fieldsByType: Readonly<Record<string, readonly string[]>> = {
  Task: [...common, ...retried, 'Resource', 'TimeoutSeconds'],
  Parallel: [...common, ...retried, 'Branches'],
  Pass: common,
  Succeed: ['Type', 'Comment'],
  Fail: ['Type', 'Comment', 'Error', 'Cause'],
};

const checked = new WeakSet<StateMachineDefinition>();

/** Throws an error that names the state whose type, field or path the interpreter does not know. */
export const checkDefinition = (definition: StateMachineDefinition): void => {
  if (checked.has(definition)) return;
  for (const [name, state] of Object.entries(definition.States)) {
    const fields = fieldsByType[state.Type];
    if (fields === undefined) throw new Error(`State ${name} has the unknown type ${state.Type}.`);
    const unknown = Object.keys(state).filter((field) => !fields.includes(field));
    if (unknown.length > 0)
      throw new Error(`State ${name} has unknown fields: ${unknown.join(', ')}.`);
    for (const { ResultPath = '$' } of [state, ...(state.Catch ?? [])])
      if (ResultPath !== null && ResultPath !== '$')
        throw new Error(`State ${name} has the unknown ResultPath ${ResultPath}.`);
    for (const branch of state.Branches ?? []) checkDefinition(branch);
  }
  checked.add(definition);
};
