import { describe, expect, it } from 'vitest';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

describe.each(['sandbox', 'production'] as const)('traces (%s)', (stage) => {
  const { all } = synthesize(contexts[stage]);

  it('trace every function and the compensation', () => {
    for (const { name, properties } of all('AWS::Lambda::Function'))
      expect(properties.TracingConfig, name).toEqual({ Mode: 'Active' });
    expect(all('AWS::StepFunctions::StateMachine')).toHaveLength(1);
    for (const { properties } of all('AWS::StepFunctions::StateMachine'))
      expect(properties.TracingConfiguration).toEqual({ Enabled: true });
  });
});

it('are off in the local stage, whose AWS has no X-Ray', () => {
  const { all } = synthesize(contexts.local);

  for (const { name, properties } of all('AWS::Lambda::Function'))
    expect(properties.TracingConfig, name).toBeUndefined();
});
