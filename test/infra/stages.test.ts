import { describe, expect, it } from 'vitest';
import { stages } from '../../cdk/stages.ts';
import { valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const { local, sandbox, production } = contexts;

const environmentOf = (context: Readonly<Record<string, string>>, id: string) =>
  valueAt(synthesize(context).named(id).properties, 'Environment.Variables');

describe('stages', () => {
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

  it.each([
    ['never by default', production, '0'],
    ['above the amount of the context', { ...production, reviewApprovalAmount: '50000' }, '50000'],
  ])('asks for a second person %s', (_how, context, REVIEW_APPROVAL_AMOUNT) => {
    expect(environmentOf(context, 'ResolveReview')).toMatchObject({ REVIEW_APPROVAL_AMOUNT });
    expect(environmentOf(context, 'GetReview')).not.toHaveProperty('REVIEW_APPROVAL_AMOUNT');
  });

  it('has simulators in a sandbox only', () => {
    expect(synthesize(sandbox).stacks).toContain('aftercommit-sandbox-simulator');
    expect(synthesize(production).stacks).toHaveLength(2);
    expect(synthesize(local).stacks).toHaveLength(2);
  });

  it('deploys production to its account and region alone, protected against deletion', () => {
    expect(Object.values(synthesize(production).environments)).toMatchObject(
      Array(2).fill({ name: 'aws://111111111111/eu-central-1', terminationProtection: true }),
    );
    expect(Object.values(synthesize(sandbox).environments)).toMatchObject(
      Array(3).fill({ name: 'aws://unknown-account/unknown-region', terminationProtection: false }),
    );
  });

  it('deploys a sandbox to the account and region of the context, if it has them', () => {
    const { environments } = synthesize({
      ...sandbox,
      account: '222222222222',
      region: 'ap-northeast-2',
    });

    expect(Object.values(environments)).toMatchObject(
      Array(3).fill({ name: 'aws://222222222222/ap-northeast-2', terminationProtection: false }),
    );
  });

  it('tags every stack on AWS with its stage, and so its resources', () => {
    const edge = {
      domainName: 'pay.shop.example',
      certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/1',
      originDomainName: 'pay-origin.shop.example',
      originCertificateArn: 'arn:aws:acm:eu-central-1:111111111111:certificate/1',
    };
    const tagsOf = (context: Readonly<Record<string, string>>) =>
      Object.values(synthesize(context).environments).map(({ tags }) => tags);

    expect(tagsOf({ ...production, ...edge })).toEqual(
      Array(3).fill({ service: 'aftercommit', stage: 'production' }),
    );
    expect(tagsOf(sandbox)).toEqual(Array(3).fill({ service: 'aftercommit', stage: 'sandbox' }));
    expect(tagsOf(local)).toEqual([{}, {}]);
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

  it.each([
    ['AcceptPayment', true],
    ['GetPayment', true],
    ['ConfirmPayment', true],
    ['GetOrder', false],
    ['ChargePayment', false],
  ])('gives the publishable key to the functions that show it: %s', (id, shows) => {
    const gatewayClientKey = 'pk_test_1';
    const PG_CLIENT_KEY = expect.anything();

    expect('PG_CLIENT_KEY' in Object(environmentOf({ ...production, gatewayClientKey }, id))).toBe(
      shows,
    );
    expect(environmentOf(production, id)).not.toMatchObject({ PG_CLIENT_KEY });
    expect(environmentOf(sandbox, id)).not.toMatchObject({ PG_CLIENT_KEY });
  });

  it.each(['AcceptPayment', 'ConfirmPayment'])('gives the return origins to %s', (id) => {
    const returnOrigins = 'https://shop.example, https://pay.shop.example';
    const origins = (context: object) => environmentOf({ ...production, ...context }, id);

    expect(origins({ returnOrigins })).toMatchObject({
      RETURN_ORIGINS: 'https://shop.example,https://pay.shop.example',
    });
    expect(origins({})).toMatchObject({ RETURN_ORIGINS: '' });
    expect(environmentOf(local, id)).toMatchObject({
      RETURN_ORIGINS: 'http://127.0.0.1:*,http://localhost:*',
    });
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

  it.each([
    ['local', local],
    ['sandbox', sandbox],
    ['production', production],
  ] as const)(
    'limits the concurrency of reads, half of it for long polls (%s)',
    (stage, context) => {
      const { concurrency } = stages[stage];

      for (const [name, folder] of [
        ['GetPayment', 'get-payment'],
        ['GetRefund', 'get-refund'],
      ] as const) {
        const { ReservedConcurrentExecutions } = synthesize(context).named(name).properties;
        expect(ReservedConcurrentExecutions).toBe(concurrency[folder]);
        expect(environmentOf(context, name)).toMatchObject({
          WAIT_SLOTS: `${concurrency[folder] / 2}`,
        });
      }
    },
  );

  it.each([
    [{}, 'UTC'],
    [{ timeZone: 'Asia/Seoul' }, 'Asia/Seoul'],
  ])("sets the shop's time zone: %j", (given, zone) => {
    for (const name of ['GetRankings', 'UpdateRanking', 'GetOperatorTimeline'])
      expect(environmentOf({ ...sandbox, ...given }, name)).toMatchObject({ SHOP_TIME_ZONE: zone });
  });

  it('has no webhook secret for a gateway that does not sign', () => {
    const context = { ...production, pgAdapter: 'toss' };
    const { all, outputs } = synthesize(context);
    const secrets = all('AWS::SecretsManager::Secret').map(({ name }) => name);

    expect(secrets).toEqual(['NotificationsSecret']);
    expect(outputs).not.toHaveProperty('PgWebhookSecretArn');
    expect(environmentOf(context, 'ReceiveWebhook')).not.toHaveProperty('PG_WEBHOOK_SECRET_ARN');
  });
});
