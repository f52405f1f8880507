import { describe, expect, it } from 'vitest';
import {
  type Fields,
  type Json,
  resourceNameOf,
  toList,
  toText,
  valueAt,
} from '../support/cdk/intrinsics.ts';
import { grantedPermissions } from '../support/cdk/permissions.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html */
const queueLimits = { bytes: 8_192, statements: 20, conditions: 10, actions: 7 };
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html */
const busBytes = 10_240;
/** Names are resolved to short ones here. An ARN on AWS has at most about this many characters more. */
const arnLength = 150;

const receiving = ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage'];

const sizeOf = (policy: Json | undefined, names: readonly string[]) => {
  const text = toText(policy);
  const arns = names.reduce((count, name) => count + text.split(`"${name}"`).length - 1, 0);

  return text.length + arns * arnLength;
};

const rolesOf = (statement: Json | undefined) =>
  toList(valueAt(statement, 'Condition.ArnNotEquals.aws:PrincipalArn')).map(resourceNameOf);

const byId = (statements: readonly Json[], sid: string) =>
  statements.find((one) => valueAt(one, 'Sid') === sid);

describe.each(['sandbox', 'production'] as const)('resource policies (%s)', (stage) => {
  const synthesis = synthesize(contexts[stage]);
  const { all, named } = synthesis;
  const permissions = grantedPermissions(synthesis).filter(({ policy }) => policy.includes('Role'));
  const policies = new Map(
    all('AWS::SQS::QueuePolicy').map(({ properties }) => [
      toText(toList(properties.Queues)[0]),
      toList(valueAt(properties, 'PolicyDocument.Statement')),
    ]),
  );
  const queues = all('AWS::SQS::Queue');
  const statementOf = (queue: string, sid: string) => byId(policies.get(queue) ?? [], sid);
  /** The roles with a permission for an action on a resource. */
  const permitted = (action: string, resource: string) =>
    permissions
      .filter((one) => one.action === action && resourceNameOf(one.resource) === resource)
      .map(({ policy }) => policy.replace('/DefaultPolicy', ''))
      .sort();
  const denied = {
    Effect: 'Deny',
    Principal: '*',
    Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } },
  };

  it('lets exactly the roles with the permission send to each queue', () => {
    expect(queues.length).toBeGreaterThan(20);
    for (const { name } of queues) {
      const statement = statementOf(name, 'OnlyServiceSends');

      expect(statement, name).toMatchObject({
        ...denied,
        Action: 'sqs:SendMessage',
        Resource: `${name}.Arn`,
      });
      expect(rolesOf(statement).sort(), name).toEqual(permitted('sqs:SendMessage', name));
    }
    expect(rolesOf(statementOf('InquirePaymentConsumer/Queue', 'OnlyServiceSends'))).toContain(
      'ReceiveWebhookRole',
    );
  });

  it('lets exactly the consumer take messages of its queue', () => {
    const consumed = queues.filter(({ properties }) => properties.RedrivePolicy);

    expect(consumed.length).toBeGreaterThan(5);
    for (const { name } of consumed) {
      const statement = statementOf(name, 'OnlyConsumerReceives');

      expect(statement, name).toMatchObject({ ...denied, Action: receiving });
      for (const action of receiving)
        expect(rolesOf(statement), name).toEqual(permitted(action, name));
      expect(rolesOf(statement), name).toHaveLength(1);
    }
  });

  it('lets operators read and delete dead letters', () => {
    for (const { name } of queues.filter(({ properties }) => !properties.RedrivePolicy))
      expect(statementOf(name, 'OnlyConsumerReceives'), name).toBeUndefined();
  });

  it('lets exactly the roles with the permission publish to the bus', () => {
    const { EventBusName, Statement } = named('BusPolicy').properties;

    expect(EventBusName).toBe('Bus');
    expect(Statement).toMatchObject({ ...denied, Action: 'events:PutEvents', Resource: 'Bus.Arn' });
    expect(rolesOf(Statement).sort()).toEqual(permitted('events:PutEvents', 'Bus'));
    expect(rolesOf(Statement)).toHaveLength(3);
  });

  it('denies nothing that administers a queue or the bus', () => {
    const statements = [...policies.values()].flat();
    const denials = [...statements, ...toList(named('BusPolicy').properties.Statement)].filter(
      (one) => toText(valueAt(one, 'Sid') ?? '').startsWith('Only'),
    );

    for (const one of denials)
      for (const action of toList(valueAt(one, 'Action')))
        expect(['sqs:SendMessage', 'events:PutEvents', ...receiving]).toContain(action);
    expect(denials.length).toBeGreaterThan(queues.length);
  });

  it('stays within the quotas of policies', () => {
    const names = all().flatMap(({ name }) => [name, `${name}.Arn`]);

    for (const [queue, statements] of policies) {
      expect(sizeOf(statements, names), queue).toBeLessThan(queueLimits.bytes);
      expect(statements.length, queue).toBeLessThanOrEqual(queueLimits.statements);
      const conditions = statements.flatMap((one) =>
        Object.values((valueAt(one, 'Condition') ?? {}) as Fields).flatMap((keys) =>
          Object.keys(keys as Fields),
        ),
      );
      expect(conditions.length, queue).toBeLessThanOrEqual(queueLimits.conditions);
      for (const one of statements)
        expect(toList(valueAt(one, 'Action')).length, queue).toBeLessThanOrEqual(
          queueLimits.actions,
        );
    }
    expect(sizeOf(named('BusPolicy').properties.Statement, names)).toBeLessThan(busBytes);
  });
});

it('leaves the bus and the queues of the local stage to its tests', () => {
  const { all } = synthesize(contexts.local);
  const statements = all('AWS::SQS::QueuePolicy').flatMap(({ properties }) =>
    toList(valueAt(properties, 'PolicyDocument.Statement')),
  );

  expect(all('AWS::Events::EventBusPolicy')).toEqual([]);
  expect(statements.map((one) => valueAt(one, 'Effect'))).not.toContain('Deny');
});
