import { describe, expect, it } from 'vitest';
import { deploymentOf } from '../support/cdk/deployment.ts';
import { type Fields, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, type Resource, type Synthesis, synthesize } from '../support/cdk/synthesis.ts';

/** The templates of the sandbox with other properties of one resource. */
const withProperties = (
  name: string,
  properties: (own: Fields) => Fields,
  rawProperties = properties,
): Synthesis => {
  const synthesis = synthesize(contexts.sandbox);
  const changed = (one: Resource): Resource =>
    one.name === name
      ? {
          ...one,
          properties: properties(one.properties),
          rawProperties: rawProperties(one.rawProperties),
        }
      : one;

  return {
    ...synthesis,
    all: (type) => synthesis.all(type).map(changed),
    named: (wanted) => changed(synthesis.named(wanted)),
  };
};

describe('reference to an unknown resource', () => {
  /** Sets a variable of the charger; in the template it is a reference. */
  const withVariable = (name: string, value: string) => {
    const set = (variable: Fields[string]) => (properties: Fields) => ({
      ...properties,
      Environment: {
        Variables: {
          ...(valueAt(properties, 'Environment.Variables') as Fields),
          [name]: variable,
        },
      },
    });

    return withProperties('ChargePayment', set(value), set({ Ref: value }));
  };

  it.each([
    ['QUEUE_URL', 'AWS::SQS::Queue'],
    ['PAYMENTS_TABLE', 'AWS::DynamoDB::Table'],
    ['EVENT_BUS_NAME', 'AWS::Events::EventBus'],
    ['NOTIFICATIONS_SECRET_ARN', 'AWS::SecretsManager::Secret'],
    ['PG_URL', 'AWS::ApiGatewayV2::Api'],
  ])('throws on the variable %s', (name, type) => {
    expect(() => deploymentOf(withVariable(name, 'Missing'))).toThrow(
      `ChargePayment.${name} refers to Missing, but there is no such ${type}.`,
    );
  });

  it('throws on a variable of a kind that it does not know', () => {
    expect(() => deploymentOf(withVariable('SOMETHING', 'Bus'))).toThrow('ChargePayment.SOMETHING');
  });

  it('throws on a name in the list of dead-letter queues', () => {
    const names = JSON.stringify([{ consumer: 'charge-payment', deadLetters: 'Missing' }]);

    expect(() => deploymentOf(withVariable('DEAD_LETTERS', names))).toThrow(
      'ChargePayment.DEAD_LETTERS refers to Missing',
    );
  });

  it.each([
    ['RelayChanges/Payments', { FunctionName: 'Missing' }, 'the function missing'],
    ['RelayChanges/Payments', { EventSourceArn: 'Missing.StreamArn' }, 'the table Missing'],
    [
      'ChargePaymentConsumer/Queue',
      { RedrivePolicy: { deadLetterTargetArn: 'Missing.Arn', maxReceiveCount: 1 } },
      'the queue Missing',
    ],
    ['ChargePaymentConsumer/Rule', { EventBusName: 'Missing' }, 'the bus Missing'],
    ['ChargePaymentConsumer/Rule', { Targets: [{ Arn: 'Missing.Arn' }] }, 'the target Missing'],
    ['Sweep/Schedule', { Target: { Arn: 'Missing.Arn', Input: '{}' } }, 'the function missing'],
    [
      'Compensation/StateMachine',
      { DefinitionString: '{"States":{"a":{"Resource":"Missing.Arn"}}}' },
      'the function missing',
    ],
    [
      'Api/Http/POST--orders/CreateOrder',
      { IntegrationUri: 'Missing.Arn' },
      'the function missing',
    ],
  ] as const)('throws on that of %s: %j', (name, properties, named) => {
    const synthesis = withProperties(name, (own) => ({ ...own, ...properties }) as Fields);

    expect(() => deploymentOf(synthesis)).toThrow(named);
  });
});
