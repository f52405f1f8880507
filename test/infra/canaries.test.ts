import { describe, expect, it } from 'vitest';
import { toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const canaries = [
  'AcceptPayment',
  'ChargePayment',
  'InquirePayment',
  'ExecuteRefund',
  'RelayChanges',
];

const objectives = ['Slo/AcceptAvailabilityInFiveMinutes', 'Slo/TimeToFinalStatusInFiveMinutes'];

describe.each(['sandbox', 'production'] as const)('canary deployment (%s)', (stage) => {
  const context = contexts[stage];
  const { all, named } = synthesize(context);

  it.each(canaries)('moves the alias of %s by CodeDeploy, and back by an alarm', (name) => {
    const alias = named(`${name}/Live`);
    const group = named(`Canaries/${name}`);

    expect(alias.properties).toMatchObject({ Name: 'live', FunctionName: name });
    expect(toText(alias.properties.FunctionVersion)).toMatch(
      new RegExp(`^${name}/CurrentVersion\\.Version$`),
    );
    expect(alias.updatePolicy).toEqual({
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: 'Canaries/Application',
        DeploymentGroupName: `Canaries/${name}`,
      },
    });
    expect(group.properties).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      AlarmConfiguration: {
        Enabled: true,
        Alarms: [...objectives, `Canaries/${name}Failures`].map((alarm) => ({ Name: alarm })),
      },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
      },
    });
  });

  it('reads alarms of one metric or expression, because CodeDeploy reads no composite ones', () => {
    const read = all('AWS::CodeDeploy::DeploymentGroup').flatMap(({ properties }) =>
      toList(valueAt(properties, 'AlarmConfiguration.Alarms')).map((one) =>
        toText(valueAt(one, 'Name')),
      ),
    );

    expect(read).toHaveLength(3 * canaries.length);
    for (const name of read) expect(named(name).type, name).toBe('AWS::CloudWatch::Alarm');
  });

  it.each([
    ['AcceptPayment', 'RequestLatency'],
    ['ChargePayment', 'ProcessingLatency'],
    ['InquirePayment', 'ProcessingLatency'],
    ['ExecuteRefund', 'ProcessingLatency'],
    ['RelayChanges', 'OutboxRecordsNotPublished'],
  ])('fires if half of what a canary of %s gets fails', (name, failed) => {
    const { properties } = named(`Canaries/${name}Failures`);
    const metrics = toList(properties.Metrics).map((one) => [
      valueAt(one, 'Id'),
      valueAt(one, 'MetricStat.Metric.MetricName'),
    ]);

    expect(properties).toMatchObject({ Threshold: 0.05, TreatMissingData: 'notBreaching' });
    expect(Object.fromEntries(metrics)).toMatchObject({
      failed,
      errors: 'Errors',
      invocations: 'Invocations',
    });
  });

  it('invokes these functions by their aliases alone', () => {
    const invoking = all().flatMap(({ name, type, properties }) =>
      [
        ...(type === 'AWS::Lambda::EventSourceMapping' || type === 'AWS::Lambda::Permission'
          ? [properties.FunctionName]
          : []),
        ...(type === 'AWS::ApiGatewayV2::Integration' ? [properties.IntegrationUri] : []),
        ...(type === 'AWS::Scheduler::Schedule' ? [valueAt(properties, 'Target.Arn')] : []),
        ...(type === 'AWS::StepFunctions::StateMachine' ? [properties.DefinitionString] : []),
        ...(type === 'AWS::Events::Rule' ? toList(properties.Targets) : []),
      ].map((reference) => [name, toText(reference)] as const),
    );
    const named = (reference: string) =>
      canaries.find((one) => new RegExp(`^${one}\\b`).test(reference));
    const byAlias = invoking.filter(([, reference]) => named(reference) !== undefined);

    // The API calls one of them; a permission belongs to it. The relay reads four streams, the others a queue each.
    expect(byAlias).toHaveLength(1 + 1 + 4 + 3);
    for (const [name, reference] of byAlias)
      expect(reference, name).toBe(`${named(reference)}/Live`);
    for (const [name, reference] of invoking)
      for (const one of canaries) expect(reference, name).not.toContain(`${one}.Arn`);
  });

  it('deploys at once and in spite of alarms if the context says so', () => {
    const groups = synthesize({ ...context, canaries: 'off' }).all(
      'AWS::CodeDeploy::DeploymentGroup',
    );

    expect(groups).toHaveLength(canaries.length);
    for (const { name, properties } of groups)
      expect(properties, name).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
        AlarmConfiguration: { Enabled: false },
      });
  });
});

it('has no alias in the local stage, whose AWS has no deployments', () => {
  const { all } = synthesize(contexts.local);

  expect(all('AWS::Lambda::Alias')).toEqual([]);
  expect(all('AWS::CodeDeploy::DeploymentGroup')).toEqual([]);
});
