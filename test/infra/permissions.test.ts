import { describe, expect, it } from 'vitest';
import { stages } from '../../cdk/stages.ts';
import {
  invokedFunctionOf,
  resourceNameOf,
  toList,
  toText,
  valueAt,
} from '../support/cdk/intrinsics.ts';
import { grantedPermissions, grantsOf, type Permission } from '../support/cdk/permissions.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';
import {
  canaryPermissions,
  expectedPermissions,
  functionTraces,
  logDelivery,
  permissionsWithSecret,
  simulatorPermissions,
  workflowTraces,
} from './permissions.ts';

/** The actions of a function's role by resource. */
const permissionsOf = (id: string, everything: readonly Permission[]) => {
  const byResource = Object.groupBy(grantsOf(id, everything), ({ resource }) => resource);

  return Object.fromEntries(
    Object.entries(byResource).map(([resource, grants = []]) => [
      resource,
      grants.map(({ action }) => action).sort(),
    ]),
  );
};

describe.each(Object.entries(contexts))('least privilege (%s)', (stage, context) => {
  const { onAws } = stages[stage as keyof typeof stages];
  const synthesis = synthesize(context);
  const { all } = synthesis;
  const everything = grantedPermissions(synthesis);
  const expected = {
    ...expectedPermissions,
    ...(stage !== 'local' && canaryPermissions),
    ...(stage === 'sandbox' && simulatorPermissions),
    // Only a real gateway has an API key to read.
    ...(stage === 'production' && permissionsWithSecret(context.pgSecretArn ?? '')),
  };

  it('covers every function', () => {
    const functions = all('AWS::Lambda::Function').map(({ name }) => name);

    expect(functions.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.entries(expected))('grants %s exactly the actions that it needs', (id, own) => {
    const log = { [`${id}Logs`]: ['logs:CreateLogStream', 'logs:PutLogEvents'] };
    const traces = onAws && { '*': functionTraces };
    const sorted = Object.entries(own).map(([resource, actions]) => [
      resource,
      [...actions].sort(),
    ]);

    expect(permissionsOf(id, everything)).toEqual({
      ...Object.fromEntries(sorted),
      ...log,
      ...traces,
    });
  });

  it.each(Object.entries(expected))('passes %s exactly the tables that it may use', (id, own) => {
    const { properties } = synthesis.named(id);
    const tables = Object.entries(valueAt(properties, 'Environment.Variables') ?? {})
      .filter(([name]) => name.endsWith('_TABLE'))
      .map(([, table]) => table);
    const used = Object.entries(own)
      .filter(([, actions]) => !actions.includes('dynamodb:GetRecords'))
      .filter(([, actions]) => actions.some((action) => action.startsWith('dynamodb:')))
      .map(([resource]) => resource.split('/')[0]);

    expect(tables.sort()).toEqual([...new Set(used)].sort());
  });

  it('allows recursion only for functions that requeue messages', () => {
    const requeuing = all('AWS::Lambda::EventSourceMapping')
      .map(({ properties }) => ({
        id: invokedFunctionOf(properties.FunctionName),
        queue: resourceNameOf(properties.EventSourceArn),
      }))
      .filter(({ id, queue }) => permissionsOf(id, everything)[queue]?.includes('sqs:SendMessage'))
      .map(({ id }) => id);
    const recursive = all('AWS::Lambda::Function')
      .filter(({ properties }) => properties.RecursiveLoop === 'Allow')
      .map(({ name }) => name);

    expect(requeuing).toContain('ChargePayment');
    expect(recursive.sort()).toEqual(requeuing.sort());
  });

  it('gives every function a role of its own, and only CodeDeploy a managed policy', () => {
    for (const { name, properties } of all('AWS::Lambda::Function'))
      expect(properties.Role).toBe(`${name}Role.Arn`);
    for (const { name, properties } of all('AWS::IAM::Role'))
      expect(properties.ManagedPolicyArns, name).toEqual(
        name === 'Canaries/Role'
          ? [expect.stringMatching(/:policy\/service-role\/AWSCodeDeployRoleForLambdaLimited$/)]
          : undefined,
      );
    expect(all('AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  it('lets the schedule invoke the sweeper and dead-letter failed ticks', () => {
    const own = everything.filter(({ policy }) => policy.startsWith('Sweep/'));

    expect(own.map(({ action, resource }) => [action, resource])).toEqual(
      expect.arrayContaining([
        ['lambda:InvokeFunction', 'SweepPayments.Arn'],
        ['sqs:SendMessage', 'Sweep/DeadLetters.Arn'],
      ]),
    );
  });

  it('lets the state machine invoke its own steps', () => {
    const steps = everything.filter(
      ({ policy, action }) =>
        action === 'lambda:InvokeFunction' && policy.startsWith('Compensation/'),
    );

    expect(steps.map(({ policy, resource }) => [policy, resource])).toEqual(
      ['FinishCompensation', 'ReleaseOrder', 'RestoreBalance', 'RestoreStock'].map((step) => [
        'Compensation/Role/DefaultPolicy',
        `${step}.Arn`,
      ]),
    );
  });

  it('trusts no service that acts for another account', () => {
    const trusts = all('AWS::IAM::Role').flatMap(({ name, properties }) =>
      toList(valueAt(properties, 'AssumeRolePolicyDocument.Statement')).map((statement) => ({
        name,
        service: toText(valueAt(statement, 'Principal.Service')),
        condition: valueAt(statement, 'Condition'),
      })),
    );
    // Lambda assumes the role of a function for that function only.
    const others = trusts.filter(({ service }) => service !== 'lambda.amazonaws.com');

    expect(new Set(others.map(({ service }) => service))).toEqual(
      new Set(
        [
          ...['events', 'scheduler', 'states'],
          ...(onAws ? ['codedeploy'] : []),
          ...(stage === 'production' ? ['backup'] : []),
        ].map((service) => `${service}.amazonaws.com`),
      ),
    );
    for (const { name, condition } of others)
      expect(condition, name).toEqual({ StringEquals: { 'aws:SourceAccount': 'AWS::AccountId' } });
  });

  it('has no wildcard in any policy, except for log delivery and traces', () => {
    // A recovery point has no name before it exists: backups.test.ts has each action of that role.
    const wildcards = everything.filter(
      ({ policy, action, resource }) =>
        policy !== 'Backups/Role' && `${action} ${resource}`.includes('*'),
    );

    expect(everything.length).toBeGreaterThan(Object.keys(expected).length);
    const allowed = [
      ...[...logDelivery, ...(onAws ? workflowTraces : [])].map((action) => [
        'Compensation/Role/DefaultPolicy',
        action,
      ]),
      ...Object.keys(onAws ? expected : {}).flatMap((id) =>
        functionTraces.map((action) => [`${id}Role/DefaultPolicy`, action]),
      ),
    ];
    expect(wildcards.map(({ policy, action }) => [policy, action]).sort()).toEqual(allowed.sort());
    for (const { resource } of wildcards) expect(resource).toBe('*');
  });
});
