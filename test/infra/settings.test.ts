import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contextNames, parseSettings, SettingsError } from '../../cdk/settings.ts';
import { rejectUnknownContext } from '../../cdk/unknown-context.ts';
import { contexts } from '../support/cdk/synthesis.ts';

const { production } = contexts;

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
    ['a quota of 0', { concurrencyQuota: '0' }, 'concurrencyQuota'],
    ['orders that end immediately', { orderLifetimeMinutes: '0' }, 'orderLifetimeMinutes'],
    ['orders that last over 30 days', { orderLifetimeMinutes: '43201' }, 'orderLifetimeMinutes'],
    ['refunds by buyers after a year', { buyerRefundMinutes: '525601' }, 'buyerRefundMinutes'],
    ['a negative limit of reviews', { reviewApprovalAmount: '-1' }, 'reviewApprovalAmount'],
    ['a read concurrency of 1', { readConcurrency: '1' }, 'readConcurrency'],
    ['a negative read concurrency', { readConcurrency: '-1' }, 'readConcurrency'],
    ...['', ' ', true, '0x10', '1e2', '8.5', '+8'].flatMap(
      (value): [string, Record<string, unknown>, string][] =>
        [
          'readConcurrency',
          'chargeConcurrency',
          'reservedConcurrency',
          'functionConcurrency',
          'concurrencyQuota',
          'orderLifetimeMinutes',
          'buyerRefundMinutes',
          'reviewApprovalAmount',
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
    ...[
      '',
      'https://shop.example,',
      'shop.example',
      'https://shop.example/paid',
      'https://*.shop.example',
      'https://*',
      '*',
      'https://shop.example:*',
      'http://shop.example',
      'http://localhost.shop.example',
      'http://localhost:x',
      'shop://pay',
    ].map((returnOrigins): [string, Record<string, unknown>, string] => [
      `${JSON.stringify(returnOrigins)} as return origins`,
      { returnOrigins },
      'returnOrigins',
    ]),
    ...['http://localhost:3000', 'https://shop.example,http://127.0.0.1:*'].map(
      (returnOrigins): [string, Record<string, unknown>, string] => [
        `${JSON.stringify(returnOrigins)} in production`,
        { ...production, returnOrigins },
        'returnOrigins',
      ],
    ),
    ['an unknown time zone', { timeZone: 'Asia/Soul' }, 'timeZone'],
    ['an offset as a time zone', { timeZone: '+09:00' }, 'timeZone'],
    ['points that are not a number', { pointsRatePercent: 'many' }, 'pointsRatePercent'],
    ['a topic that is not an ARN', { pageTopicArn: 'alarms' }, 'pageTopicArn'],
    ...['pageTopicArn', 'ticketTopicArn'].map((name): [string, Record<string, unknown>, string] => [
      `production without ${name}`,
      { ...production, [name]: undefined },
      name,
    ]),
    ['an unknown way to deploy', { canaries: 'half' }, 'canaries'],
    ['production without an account', { ...production, account: undefined }, 'account'],
    ['production without a region', { ...production, region: undefined }, 'region'],
    ['an account without a region', { account: '111111111111' }, 'region'],
    ['a region without an account', { region: 'eu-central-1' }, 'account'],
    ...['', '11111111111', '1111111111111', 'production', 111111111111].map(
      (account): [string, Record<string, unknown>, string] => [
        `${JSON.stringify(account)} as an account`,
        { ...production, account },
        'account',
      ],
    ),
    ...['', 'eu', 'eu-central', 'eu-central-1a', 'Frankfurt'].map(
      (region): [string, Record<string, unknown>, string] => [
        `${JSON.stringify(region)} as a region`,
        { ...production, region },
        'region',
      ],
    ),
    [
      'production without an issuer',
      { ...production, issuer: undefined, audience: undefined },
      'issuer',
    ],
    ['production without a gateway', { ...production, pgUrl: undefined }, 'pgUrl'],
    ['production with a simulator', { ...production, pgAdapter: 'simulator' }, 'pgAdapter'],
    ['an unknown gateway adapter', { pgAdapter: 'paypal' }, 'pgAdapter'],
    ['a real gateway without its key', { ...production, pgSecretArn: undefined }, 'pgSecretArn'],
    [
      'a key that can only read without the other one',
      { pgReadSecretArn: 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:pg-read-AbCdEf' },
      'pgSecretArn',
    ],
    [
      'the same secret for both keys of the gateway',
      { ...production, pgReadSecretArn: production.pgSecretArn },
      'pgReadSecretArn',
    ],
    [
      'an alias of a KMS key',
      {
        ...production,
        pgSecretKeyArn: 'arn:aws:kms:eu-central-1:111111111111:alias/pg',
      },
      'pgSecretKeyArn',
    ],
    ['a publishable key of the simulator', { gatewayClientKey: 'pk_test_1' }, 'gatewayClientKey'],
    ...['test_ck_1', 'pk_1', 'pk_test_', 'pk_test_a b', ''].map(
      (gatewayClientKey): [string, Record<string, unknown>, string] => [
        `${JSON.stringify(gatewayClientKey)} as Stripe's publishable key`,
        { ...production, gatewayClientKey },
        'gatewayClientKey',
      ],
    ),
    ...['pk_test_1', 'ck_1', 'test_ck_', 'test_ck_a b', ''].map(
      (gatewayClientKey): [string, Record<string, unknown>, string] => [
        `${JSON.stringify(gatewayClientKey)} as Toss's publishable key`,
        { ...production, pgAdapter: 'toss', gatewayClientKey },
        'gatewayClientKey',
      ],
    ),
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

  it.each(['stripe', 'toss', 'simulator'])(
    'rejects a secret key as the publishable key of %s, and does not repeat it',
    (pgAdapter) => {
      for (const start of ['sk', 'rk', 'sk_live', 'test_sk', 'live_sk', 'test_gsk', ' sk_test']) {
        const gatewayClientKey = `${start}_0000000000000000`;
        const read = () =>
          parseSettings({ ...production, stage: 'local', pgAdapter, gatewayClientKey });

        expect(read, start).toThrow('must be a publishable key, not a secret one: buyers see it');
        expect(read, start).not.toThrow(gatewayClientKey);
      }
    },
  );

  it.each([
    ['stripe', 'pk_live_51OaBcD2eZvKYlo2C'],
    ['toss', 'live_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq'],
    ['toss', 'test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm'],
  ])('accepts the publishable key of %s: %s', (pgAdapter, gatewayClientKey) => {
    expect(parseSettings({ ...production, pgAdapter, gatewayClientKey })).toMatchObject({
      gatewayClientKey,
    });
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

  it.each(['us-east-1', 'ap-southeast-4', 'us-gov-west-1'])('accepts the region %s', (region) => {
    const context = Object.entries({ ...production, region }).map(([name, value]) => [
      name,
      value.replace('eu-central-1', region),
    ]);

    expect(parseSettings(Object.fromEntries(context))).toMatchObject({ region });
  });

  it('defaults to a sandbox', () => {
    expect(parseSettings({})).toMatchObject({ stage: 'sandbox', api: 'http', endpoints: {} });
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
});
