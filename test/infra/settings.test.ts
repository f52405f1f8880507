import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  contextNames,
  parseSettings,
  rejectUnknownContext,
  SettingsError,
} from '../../cdk/settings.ts';
import { stages } from '../../cdk/stages.ts';
import { valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const { local, sandbox, production } = contexts;

describe('context', () => {
  it.each([
    ['an unknown stage', { stage: 'prod' }, 'stage'],
    ['an audience without an issuer', { audience: 'shop' }, 'issuer'],
    ['an issuer without an audience', { issuer: 'https://id.example' }, 'audience'],
    ['an issuer that is not a URL', { issuer: 'id.example', audience: 'shop' }, 'issuer'],
    ['a plain issuer on AWS', { issuer: 'http://id.example', audience: 'shop' }, 'issuer'],
    ['a plain gateway on AWS', { pgUrl: 'http://pg.example' }, 'pgUrl'],
    ['a local address on AWS', { endpoint: 'http://127.0.0.1:4566' }, 'endpoint'],
    ['no API on AWS', { api: 'none' }, 'api'],
    ['a concurrency that SQS rejects', { chargeConcurrency: '1' }, 'chargeConcurrency'],
    ['a reserved concurrency of 0', { reservedConcurrency: '0' }, 'reservedConcurrency'],
    ['orders that end immediately', { orderLifetimeMinutes: '0' }, 'orderLifetimeMinutes'],
    ['orders that last over 30 days', { orderLifetimeMinutes: '43201' }, 'orderLifetimeMinutes'],
    ['refunds by buyers after a year', { buyerRefundMinutes: '525601' }, 'buyerRefundMinutes'],
    ['a read concurrency of 1', { readConcurrency: '1' }, 'readConcurrency'],
    ['a negative read concurrency', { readConcurrency: '-1' }, 'readConcurrency'],
    ...['', ' ', true, '0x10', '1e2', '8.5', '+8'].flatMap(
      (value): [string, Record<string, unknown>, string][] =>
        [
          'readConcurrency',
          'chargeConcurrency',
          'reservedConcurrency',
          'functionConcurrency',
          'orderLifetimeMinutes',
          'buyerRefundMinutes',
        ].map((name) => [`${JSON.stringify(value)} as a number`, { [name]: value }, name]),
    ),
    ...['', ' ', true, '0x10', '1e1', '.5', '100.5'].map(
      (value): [string, Record<string, unknown>, string] => [
        `${JSON.stringify(value)} as a share`,
        { pointsRatePercent: value },
        'pointsRatePercent',
      ],
    ),
    ...['', ' ', ',', 'shop,', 'shop,,desk'].map(
      (audience): [string, Record<string, unknown>, string] => [
        `${JSON.stringify(audience)} as audiences`,
        { issuer: 'https://id.example', audience },
        'audience',
      ],
    ),
    ...[
      '',
      ' ',
      'https://shop.example,',
      'shop.example',
      'https://shop.example/',
      'https://shop.example/pay',
      'https://shop.example?x',
      'https://a@shop.example',
      'https://Shop.example',
      'https://shop.example:443',
      'https://*.shop.example',
      'https://shop.example;https://pay.example',
      'https://shop.example https://pay.example',
      'mailto:shop@shop.example',
    ].map((corsOrigins): [string, Record<string, unknown>, string] => [
      `${JSON.stringify(corsOrigins)} as origins`,
      { corsOrigins },
      'corsOrigins',
    ]),
    ['an unknown time zone', { timeZone: 'Asia/Soul' }, 'timeZone'],
    ['an offset as a time zone', { timeZone: '+09:00' }, 'timeZone'],
    ['points that are not a number', { pointsRatePercent: 'many' }, 'pointsRatePercent'],
    ['a topic that is not an ARN', { alarmTopicArn: 'alarms' }, 'alarmTopicArn'],
    ['production without a gateway', { ...production, pgUrl: undefined }, 'pgUrl'],
    ['production with a simulator', { ...production, pgAdapter: 'simulator' }, 'pgAdapter'],
    ['an unknown gateway adapter', { pgAdapter: 'paypal' }, 'pgAdapter'],
    ['a real gateway without its key', { ...production, pgSecretArn: undefined }, 'pgSecretArn'],
    [
      'production without a data platform',
      { ...production, dataPlatformUrl: undefined },
      'dataPlatformUrl',
    ],
    [
      'production without notifications',
      { ...production, notificationsUrl: undefined },
      'notificationsUrl',
    ],
  ])('rejects %s and names it', (_, context, name) => {
    const read = () => parseSettings(context);

    expect(read).toThrow(SettingsError);
    expect(read).toThrow(`→ at ${name}`);
  });

  it('accepts lists with spaces around the commas', () => {
    const corsOrigins = ' https://shop.example , http://localhost:3000,capacitor://localhost';

    expect(
      parseSettings({ issuer: 'https://id.example', audience: ' shop , desk ', corsOrigins }),
    ).toMatchObject({
      tokens: { audience: ['shop', 'desk'] },
      corsOrigins: ['https://shop.example', 'http://localhost:3000', 'capacitor://localhost'],
    });
  });

  it.each(['*', 'https://*', 'http://*'])('accepts the wildcard origin %s', (corsOrigins) => {
    expect(parseSettings({ corsOrigins })).toMatchObject({ corsOrigins: [corsOrigins] });
  });

  it('accepts numbers, and strings of digits from the command line', () => {
    expect(
      parseSettings({ readConcurrency: 8, chargeConcurrency: '20', pointsRatePercent: '0.5' }),
    ).toMatchObject({ readConcurrency: 8, chargeConcurrency: 20, pointsRatePercent: 0.5 });
  });

  it('defaults to a sandbox', () => {
    expect(parseSettings({})).toMatchObject({ stage: 'sandbox', api: 'http', endpoints: {} });
  });
});

describe('stages', () => {
  const environmentOf = (context: Readonly<Record<string, string>>, id: string) =>
    valueAt(synthesize(context).named(id).properties, 'Environment.Variables');

  it('lets orders be paid for a day by default', () => {
    expect(environmentOf(production, 'CreateOrder')).toMatchObject({
      ORDER_LIFETIME_MINUTES: '1440',
    });
    expect(environmentOf({ ...sandbox, orderLifetimeMinutes: '30' }, 'CreateOrder')).toMatchObject({
      ORDER_LIFETIME_MINUTES: '30',
    });
  });

  it.each([
    ['a day on the local stage', local, '1440'],
    ['never in a sandbox', sandbox, '0'],
    ['never in production', production, '0'],
    ['as long as the context says', { ...production, buyerRefundMinutes: '30' }, '30'],
    ['never if the context says so', { ...local, buyerRefundMinutes: '0' }, '0'],
  ])('lets buyers refund %s', (_how, context, BUYER_REFUND_MINUTES) => {
    expect(environmentOf(context, 'RequestRefund')).toMatchObject({ BUYER_REFUND_MINUTES });
    expect(environmentOf(context, 'RequestOperatorRefund')).not.toHaveProperty(
      'BUYER_REFUND_MINUTES',
    );
  });

  it('has simulators in a sandbox only', () => {
    expect(synthesize(sandbox).stacks).toContain('aftercommit-sandbox-simulator');
    expect(synthesize(production).stacks).toHaveLength(2);
    expect(synthesize(local).stacks).toHaveLength(2);
  });

  it('calls the simulators of a sandbox by default, or the configured endpoints', () => {
    expect(environmentOf(sandbox, 'ChargePayment')).toMatchObject({
      PG_URL: expect.stringContaining('SimulateGatewayApi'),
    });
    expect(environmentOf(sandbox, 'NotifyBuyer')).toMatchObject({
      NOTIFICATIONS_URL: expect.stringMatching(/ReceiveDeliveriesApi.*\/notifications$/),
    });
    expect(
      environmentOf({ ...sandbox, pgUrl: 'https://pg.example' }, 'ChargePayment'),
    ).toMatchObject({ PG_URL: 'https://pg.example' });
  });

  it('limits the request rate of the public simulators', () => {
    const apis = synthesize(sandbox)
      .all('AWS::ApiGatewayV2::Stage')
      .filter(({ name }) => name.endsWith('Api/Stage'));

    expect(apis).toHaveLength(3);
    for (const { name, properties } of apis)
      expect(valueAt(properties, 'DefaultRouteSettings.ThrottlingRateLimit'), name).toBe(100);
  });

  it('sets an AWS endpoint for local functions only', () => {
    const endpoint = 'http://127.0.0.1:4566';

    expect(environmentOf({ ...local, endpoint }, 'GetHealth')).toMatchObject({
      AWS_ENDPOINT_URL: endpoint,
    });
    expect(environmentOf(local, 'GetHealth')).toMatchObject({ AWS_ENDPOINT_URL: '' });
    expect(environmentOf(sandbox, 'GetHealth')).not.toHaveProperty('AWS_ENDPOINT_URL');
  });

  it('reserves the configured concurrency for accept-payment', () => {
    const { named } = synthesize({ ...sandbox, reservedConcurrency: '50' });

    expect(named('AcceptPayment').properties.ReservedConcurrentExecutions).toBe(50);
  });

  it.each([
    ['local', local],
    ['sandbox', sandbox],
    ['production', production],
  ] as const)(
    'limits the concurrency of reads, half of it for long polls (%s)',
    (stage, context) => {
      const { readConcurrency } = stages[stage];

      for (const name of ['GetPayment', 'GetRefund']) {
        const { ReservedConcurrentExecutions } = synthesize(context).named(name).properties;
        expect(ReservedConcurrentExecutions).toBe(readConcurrency);
        expect(environmentOf(context, name)).toMatchObject({
          WAIT_SLOTS: `${readConcurrency / 2}`,
        });
      }
    },
  );

  it.each([
    ['30', 30],
    ['0', undefined],
  ])('reserves the configured concurrency of %s for reads', (readConcurrency, reserved) => {
    const { named } = synthesize({ ...sandbox, readConcurrency });

    for (const name of ['GetPayment', 'GetRefund'])
      expect(named(name).properties.ReservedConcurrentExecutions).toBe(reserved);
  });

  it.each([
    [{}, 'UTC'],
    [{ timeZone: 'Asia/Seoul' }, 'Asia/Seoul'],
  ])("sets the shop's time zone: %j", (given, zone) => {
    for (const name of ['GetRankings', 'UpdateRanking', 'GetOperatorTimeline'])
      expect(environmentOf({ ...sandbox, ...given }, name)).toMatchObject({ SHOP_TIME_ZONE: zone });
  });

  it.each([
    ['stagee', 'stage'],
    ['Stage', 'stage'],
    ['pgURL', 'pgUrl'],
    ['reservedConcurency', 'reservedConcurrency'],
    ['corsOrigin', 'corsOrigins'],
    ['stage/', 'stage'],
    ['stage:', 'stage'],
    ['@stage', 'stage'],
    ['aws:stage', 'stage'],
  ])('rejects the unknown context %s and suggests the closest name', (name, nearest) => {
    expect(() => rejectUnknownContext(['stage', name])).toThrow(
      expect.toSatisfy(
        (error) =>
          error instanceof SettingsError &&
          error.message.includes(`Unknown name "${name}". Did you mean "${nearest}"?`),
      ),
    );
  });

  it("accepts its own context, that of cdk.json, and the CDK's", () => {
    const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
    const ofCli = [
      'aws:cdk:bundling-stacks',
      'aws:cdk:enable-path-metadata',
      'aws-cdk:enableDiffNoFail',
      'availability-zones:account=1:region=us-east-1',
      'vpc-provider:account=1:filter.isDefault=true:region=us-east-1:returnAsymmetricSubnets=true',
    ];

    expect(() =>
      rejectUnknownContext([...contextNames, ...Object.keys(context), ...ofCli]),
    ).not.toThrow();
  });

  it('notifies the configured topic of every alarm', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-west-1:123456789012:alarms';
    const { all } = synthesize({ ...sandbox, alarmTopicArn });
    const alarms = [...all('AWS::CloudWatch::Alarm'), ...all('AWS::CloudWatch::CompositeAlarm')];
    const isPart = (name: string) => /^Slo\/.*In(Hour|FiveMinutes)$/.test(name);

    for (const { name, properties } of alarms)
      expect(properties.AlarmActions, name).toEqual(isPart(name) ? undefined : [alarmTopicArn]);
  });

  it('has no webhook secret for a gateway that does not sign', () => {
    const { all, named, outputs } = synthesize({ ...production, pgAdapter: 'toss' });
    const secrets = all('AWS::SecretsManager::Secret').map(({ name }) => name);

    expect(secrets).toEqual(['NotificationsSecret']);
    expect(outputs).not.toHaveProperty('PgWebhookSecretArn');
    expect(valueAt(named('ReceiveWebhook').properties, 'Environment.Variables')).not.toHaveProperty(
      'PG_WEBHOOK_SECRET_ARN',
    );
  });

  it('has the outputs that tools and tests read', () => {
    const { outputs } = synthesize(local);

    for (const name of ['ApiUrl', 'ApiId', 'EventBusName', 'StateMachineArn'])
      expect(outputs).toHaveProperty(name);
    expect(outputs).toMatchObject({
      TableLoyaltyPoints: 'LoyaltyPoints',
      FunctionAcceptPayment: 'AcceptPayment',
      NotificationsSecretArn: 'NotificationsSecret.Id',
      PgWebhookSecretArn: 'PgWebhookSecret.Id',
      QueueChargePaymentUrl: 'ChargePaymentConsumer/Queue',
      QueueNotifyBuyerDeadLettersUrl: 'NotifyBuyerConsumer/DeadLetters',
      RelayUndeliverableUrl: 'Relay/Undeliverable',
      RelayFailuresUrl: 'Relay/Failures',
    });
  });

  it('has every output that the runbook uses', () => {
    const { outputs } = synthesize(sandbox);
    const runbook = readFileSync('docs/runbook.md', 'utf8');
    const used = [
      ...[...runbook.matchAll(/\$\(out (\w+)\)/g)].map(([, name = '']) => name),
      ...[...runbook.matchAll(/^log (\w+)/gm)].map(([, name]) => `Function${name}`),
    ];

    expect(used.length).toBeGreaterThan(10);
    expect(Object.keys(outputs)).toEqual(expect.arrayContaining(used));
  });
});
