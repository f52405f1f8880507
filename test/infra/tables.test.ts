import { describe, expect, it } from 'vitest';
import { toList, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const keys: Readonly<Record<string, readonly string[]>> = {
  Orders: ['orderId'],
  Payments: ['paymentId'],
  Refunds: ['refundId'],
  Reviews: ['reviewId'],
  Balances: ['userId'],
  Products: ['sku'],
  Coupons: ['userId', 'couponId'],
  Compensations: ['paymentId', 'target'],
  Idempotency: ['id'],
  LoyaltyPoints: ['userId', 'entry'],
  Rankings: ['day', 'entry'],
  Deliveries: ['eventId', 'consumer'],
  Audits: ['day', 'entry'],
};

/** Types of resources that hold data which cannot be recreated. */
const statefulTypes = [
  'AWS::DynamoDB::Table',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
  'AWS::Cognito::UserPool',
  'AWS::Logs::LogGroup',
  'AWS::Backup::BackupVault',
  'AWS::KMS::Key',
];

/** Types whose name CloudFormation requires; the CDK generates it. */
const namedByCdk = [
  'AWS::Events::EventBus',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::Backup::BackupVault',
];

/** Names that are scoped to a parent resource. */
const namesWithinAParent = [
  'AWS::ApiGatewayV2::Api.Name',
  'AWS::ApiGatewayV2::Authorizer.Name',
  'AWS::ApiGatewayV2::Stage.StageName',
  'AWS::CloudWatch::Alarm.MetricName',
  // The name of a configuration that AWS defines.
  'AWS::CodeDeploy::DeploymentGroup.DeploymentConfigName',
  'AWS::Cognito::UserPoolResourceServer.Name',
  'AWS::IAM::Policy.PolicyName',
  'AWS::Lambda::Alias.Name',
];

describe.each(Object.entries(contexts))('stateful resources (%s)', (stage, context) => {
  const { all, named } = synthesize(context);
  const tables = all('AWS::DynamoDB::Table');

  it.each(Object.entries(keys))('have the designed keys in %s', (table, key) => {
    const schema = toList(named(table).properties.KeySchema);

    expect(schema.map((one) => valueAt(one, 'AttributeName'))).toEqual(key);
  });

  it('encrypt every table, bill it on demand and enable point-in-time recovery', () => {
    expect(tables.length).toBeGreaterThanOrEqual(Object.keys(keys).length);
    for (const { name, properties } of tables)
      expect(properties, name).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
  });

  it('have streams on the tables that events come from, and on no other', () => {
    const streamed = tables.filter(({ properties }) => properties.StreamSpecification);

    expect(streamed.map(({ name }) => name).sort()).toEqual([
      'LoyaltyPoints',
      'Orders',
      'Payments',
      'Refunds',
    ]);
    for (const { properties } of streamed)
      expect(properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
  });

  it('delete idempotency records, markers of events and canary payments when they expire', () => {
    const canaryTables = stage === 'local' ? [] : ['Orders', 'Payments', 'Compensations'];

    for (const { name, properties } of tables)
      expect(properties.TimeToLiveSpecification, name).toEqual(
        ['Idempotency', 'Rankings', 'Deliveries', ...canaryTables].includes(name)
          ? { AttributeName: 'expiration', Enabled: true }
          : undefined,
      );
  });

  it('take the first write rate of a new stage in production only', () => {
    const writes = tables.flatMap(({ name, properties }) =>
      properties.WarmThroughput ? [[name, valueAt(properties, 'WarmThroughput')]] : [],
    );

    expect(Object.fromEntries(writes)).toEqual(
      stage === 'production'
        ? {
            Orders: { WriteUnitsPerSecond: 8_000 },
            Payments: { WriteUnitsPerSecond: 10_000 },
            Balances: { WriteUnitsPerSecond: 8_000 },
            Products: { WriteUnitsPerSecond: 8_000 },
            Rankings: { WriteUnitsPerSecond: 8_000 },
          }
        : {},
    );
  });

  it('report throttled keys of payments, balances and products, except on a local AWS', () => {
    const insights = { Enabled: true, Mode: 'THROTTLED_KEYS' };
    const reporting = tables.filter(
      ({ properties }) => properties.ContributorInsightsSpecification,
    );
    const indexes = toList(named('Payments').properties.GlobalSecondaryIndexes);

    expect(reporting.map(({ name }) => name).toSorted()).toEqual(
      stage === 'local' ? [] : ['Balances', 'Payments', 'Products'],
    );
    for (const { properties } of reporting)
      expect(properties.ContributorInsightsSpecification).toEqual(insights);
    for (const index of indexes)
      expect(valueAt(index, 'ContributorInsightsSpecification')).toEqual(
        stage === 'local' ? undefined : insights,
      );
  });

  it('have indexes by buyer, payment and due time', () => {
    const indexes = [named('Orders'), named('Payments'), named('Refunds')].flatMap(
      ({ properties }) =>
        toList(properties.GlobalSecondaryIndexes).map((index) => [
          valueAt(index, 'IndexName'),
          ...toList(valueAt(index, 'KeySchema')).map((key) => valueAt(key, 'AttributeName')),
          valueAt(index, 'Projection.ProjectionType'),
        ]),
    );

    expect(indexes).toEqual([
      // Nothing that changes: a change of an order or a payment writes to none of its indexes.
      ['byUser', 'userId', 'createdAt', 'KEYS_ONLY'],
      ['byDue', 'dueShard', 'dueAt', 'KEYS_ONLY'],
      ['byUser', 'userId', 'createdAt', 'INCLUDE'],
      ['byDue', 'dueShard', 'dueAt', 'KEYS_ONLY'],
      ['byPayment', 'paymentId', 'createdAt', 'ALL'],
      ['byDue', 'dueShard', 'dueAt', 'KEYS_ONLY'],
    ]);
  });

  it('outlive their stack in production only', () => {
    const policy = stage === 'production' ? ['Retain', 'RetainExceptOnCreate'] : ['Delete'];

    for (const { name, type, deletionPolicy } of all().filter((one) =>
      statefulTypes.includes(one.type),
    ))
      expect(policy, `${type} ${name}`).toContain(deletionPolicy);
  });

  it('cannot be deleted by mistake in production', () => {
    for (const { name, properties } of tables)
      expect(properties.DeletionProtectionEnabled, name).toBe(stage === 'production');
    for (const { properties } of all('AWS::Cognito::UserPool'))
      expect(properties.DeletionProtection).toBe(stage === 'production' ? 'ACTIVE' : 'INACTIVE');
  });

  it.each(['NotificationsSecret', 'PgWebhookSecret'])(
    'generate the webhook key in %s as valid base64',
    (secret) => {
      expect(named(secret).properties.GenerateSecretString).toMatchObject({
        ExcludePunctuation: true,
        // Four characters are three bytes.
        PasswordLength: 32,
      });
    },
  );

  it('retain every log for a limited time', () => {
    const groups = all('AWS::Logs::LogGroup');
    const days = { local: 1, sandbox: 7, production: 90 }[stage];
    const auditDays = { local: 1, sandbox: 7, production: 400 }[stage];

    for (const { name, properties } of groups)
      expect(properties.RetentionInDays, name).toBe(name === 'Api/AccessLogs' ? auditDays : days);
    for (const { name, properties } of all('AWS::Lambda::Function'))
      expect(properties.LoggingConfig, name).toEqual({
        LogGroup: `${name}Logs`,
        // Lambda itself logs only failures. A local AWS does not support log levels.
        ...(stage !== 'local' && { LogFormat: 'JSON', SystemLogLevel: 'WARN' }),
      });
    for (const { properties } of all('AWS::StepFunctions::StateMachine'))
      expect(valueAt(properties, 'LoggingConfiguration.Destinations.0')).toEqual({
        CloudWatchLogsLogGroup: { LogGroupArn: 'Compensation/Logs.Arn' },
      });
    expect(named('Api/Stage').properties.AccessLogSettings).toMatchObject({
      DestinationArn: expect.stringContaining('Api/AccessLogs'),
    });
  });

  it('have no explicit physical name', () => {
    const explicit = all()
      .filter(({ type }) => !namedByCdk.includes(type))
      .flatMap(({ name, type, rawProperties: written }) =>
        Object.entries(written)
          .filter(([property, value]) => property.endsWith('Name') && typeof value === 'string')
          .filter(([property]) => !namesWithinAParent.includes(`${type}.${property}`))
          .map(([property, value]) => `${name}: ${type}.${property} = ${value}`),
      );

    expect(explicit).toEqual([]);
  });

  it('leave the required name of the bus to the CDK', () => {
    expect(named('Bus').properties.Name).toMatch(/^aftercommit[a-z]+dataBus[0-9A-F]{8}$/);
  });
});
