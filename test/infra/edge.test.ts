import { describe, expect, it } from 'vitest';
import { parseSettings, SettingsError } from '../../cdk/settings.ts';
import { routes } from '../../shared/http/routes.ts';
import { toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const certificateIn = (region: string) =>
  `arn:aws:acm:${region}:111111111111:certificate/1234abcd-12ab-34cd-56ef-1234567890ab`;
const edge = {
  domainName: 'pay.shop.example',
  certificateArn: certificateIn('us-east-1'),
  originDomainName: 'pay-origin.shop.example',
  originCertificateArn: certificateIn('eu-central-1'),
};
const mutualTls = {
  originClientCertificateArn: certificateIn('us-east-1'),
  originTruststoreUri: 's3://shop-truststore/edge.pem',
};
const { production, sandbox, local } = contexts;
const synthesis = synthesize({ ...production, ...edge });
const config = (path: string) =>
  valueAt(synthesis.named('Distribution').properties, `DistributionConfig.${path}`);

describe('the edge', () => {
  it('is a stack of its own, only with its settings', () => {
    expect(synthesis.stacks).toContain('aftercommit-production-edge');
    for (const context of [production, sandbox, local]) {
      const { all, stacks } = synthesize(context);

      expect(stacks.filter((stack) => stack.endsWith('-edge'))).toEqual([]);
      expect(all('AWS::ApiGatewayV2::DomainName')).toEqual([]);
    }
  });

  it('closes the default endpoint of the API, which has one name left', () => {
    expect(synthesis.named('Api/Http').properties.DisableExecuteApiEndpoint).toBe(true);
    expect(synthesis.all('AWS::ApiGatewayV2::DomainName')).toMatchObject([
      {
        properties: {
          DomainName: edge.originDomainName,
          DomainNameConfigurations: [
            {
              CertificateArn: edge.originCertificateArn,
              EndpointType: 'REGIONAL',
              SecurityPolicy: 'TLS_1_2',
            },
          ],
        },
      },
    ]);
    expect(synthesis.all('AWS::ApiGatewayV2::ApiMapping')).toMatchObject([
      { properties: { ApiId: 'Api/Http', Stage: '$default' } },
    ]);
    expect(synthesis.outputs).toMatchObject({
      ApiUrl: `https://${edge.domainName}`,
      OriginRegionalDomainName: 'Api/OriginDomain.RegionalDomainName',
      DistributionDomainName: 'Distribution.DomainName',
    });
    expect(
      synthesize(production).named('Api/Http').properties.DisableExecuteApiEndpoint,
    ).toBeUndefined();
  });

  it('passes every request of its name to the API and caches nothing', () => {
    expect(config('Aliases')).toEqual([edge.domainName]);
    expect(config('ViewerCertificate')).toMatchObject({
      AcmCertificateArn: edge.certificateArn,
      MinimumProtocolVersion: 'TLSv1.2_2021',
    });
    expect(config('DefaultCacheBehavior')).toMatchObject({
      // Managed policies: CachingDisabled, AllViewerExceptHostHeader.
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      ViewerProtocolPolicy: 'https-only',
      AllowedMethods: expect.arrayContaining(['GET', 'HEAD', 'POST']),
    });
    expect(config('Origins.0')).toMatchObject({
      DomainName: edge.originDomainName,
      CustomOriginConfig: {
        OriginProtocolPolicy: 'https-only',
        OriginSSLProtocols: ['TLSv1.2'],
        OriginReadTimeout: 60,
      },
    });
    const errors = toList(config('CustomErrorResponses'));
    expect(errors.map((one) => valueAt(one, 'ErrorCode'))).toEqual(
      expect.arrayContaining([403, 404, 500, 503, 504]),
    );
    for (const one of errors) expect(valueAt(one, 'ErrorCachingMinTTL')).toBe(0);
  });

  it('filters requests, and limits each address except for webhooks', () => {
    const { properties } = synthesis.named('Firewall');
    const rules = toList(properties.Rules);
    const webhook = routes.find((route) => route.function === 'receive-webhook');

    expect(config('WebACLId')).toBe('Firewall.Arn');
    expect(properties.Scope).toBe('CLOUDFRONT');
    expect(rules.map((rule) => valueAt(rule, 'Priority'))).toEqual(rules.map((_, index) => index));
    expect(valueAt(rules[0], 'Statement.RateBasedStatement')).toMatchObject({
      AggregateKeyType: 'IP',
      Limit: expect.any(Number),
      EvaluationWindowSec: 300,
      ScopeDownStatement: {
        NotStatement: {
          Statement: { ByteMatchStatement: { SearchString: webhook?.path } },
        },
      },
    });
    expect(webhook?.path).toMatch(/^\/webhooks\//);
    expect(valueAt(rules[0], 'Action.Block.CustomResponse.ResponseCode')).toBe(429);
    expect(
      rules.flatMap((rule) => valueAt(rule, 'Statement.ManagedRuleGroupStatement.Name') ?? []),
    ).toEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
    ]);
  });

  it('limits each token, so that a buyer with many addresses has one limit', () => {
    const { properties } = synthesis.named('Firewall');
    const byToken = toList(properties.Rules).filter(
      (rule) =>
        valueAt(rule, 'Statement.RateBasedStatement.CustomKeys.0.Header.Name') === 'authorization',
    );

    expect(byToken).toMatchObject([
      {
        Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
        Statement: {
          RateBasedStatement: { AggregateKeyType: 'CUSTOM_KEYS', EvaluationWindowSec: 300 },
        },
      },
    ]);
    // A buyer who asks once a second is below it.
    expect(valueAt(byToken[0], 'Statement.RateBasedStatement.Limit')).toBeGreaterThan(300);
  });

  it('logs the address of each caller for 13 months, without tokens', () => {
    const { LogGroupName, RetentionInDays } = synthesis.named('FirewallLogs').properties;
    const { properties } = synthesis.named('FirewallLogging');

    expect(LogGroupName).toBe('aws-waf-logs-aftercommit-production-edge');
    expect(RetentionInDays).toBe(400);
    expect(toText(toList(properties.LogDestinationConfigs)[0])).toMatch(/:log-group:FirewallLogs$/);
    expect(properties).toMatchObject({
      ResourceArn: 'Firewall.Arn',
      RedactedFields: [{ SingleHeader: { Name: 'authorization' } }],
    });
    const { Rules, VisibilityConfig } = synthesis.named('Firewall').properties;
    const visibilities = toList(Rules).map((rule) => valueAt(rule, 'VisibilityConfig'));

    for (const one of [VisibilityConfig, ...visibilities])
      expect(one).toMatchObject({ SampledRequestsEnabled: false });
  });

  it('can be created again after a failure, although the log has a fixed name', () => {
    expect(synthesis.named('FirewallLogs').deletionPolicy).toBe('RetainExceptOnCreate');
    expect(synthesize({ ...sandbox, ...edge }).named('FirewallLogs').deletionPolicy).toBe('Delete');
  });

  it('can be the only client of the API, by mutual TLS', () => {
    const { named } = synthesize({ ...production, ...edge, ...mutualTls });
    const distribution = named('Distribution').properties;

    expect(named('Api/OriginDomain').properties.MutualTlsAuthentication).toEqual({
      TruststoreUri: mutualTls.originTruststoreUri,
    });
    expect(
      valueAt(distribution, 'DistributionConfig.Origins.0.CustomOriginConfig.OriginMtlsConfig'),
    ).toEqual({ ClientCertificateArn: mutualTls.originClientCertificateArn });
    expect(synthesis.named('Api/OriginDomain').properties.MutualTlsAuthentication).toBeUndefined();
  });
});

describe('context of the edge', () => {
  it.each([
    ...Object.keys(edge).map((name): [string, Record<string, unknown>, string] => [
      `no ${name}`,
      { ...production, ...edge, [name]: undefined },
      name,
    ]),
    [
      'a certificate of another region',
      { certificateArn: certificateIn('eu-west-1') },
      'certificateArn',
    ],
    ['a URL as a name', { domainName: 'https://pay.shop.example' }, 'domainName'],
    ['one name for both', { originDomainName: edge.domainName }, 'originDomainName'],
    [
      'a client certificate without a truststore',
      { originClientCertificateArn: mutualTls.originClientCertificateArn },
      'originTruststoreUri',
    ],
    [
      'a truststore without a client certificate',
      { originTruststoreUri: mutualTls.originTruststoreUri },
      'originClientCertificateArn',
    ],
    [
      'a truststore that is not in a bucket',
      { ...mutualTls, originTruststoreUri: 'edge.pem' },
      'originTruststoreUri',
    ],
    ['an edge of the local stage', { ...local, ...edge }, 'domainName'],
  ])('rejects %s and names it', (_, given, name) => {
    const read = () =>
      parseSettings('stage' in given ? given : { ...production, ...edge, ...given });

    expect(read).toThrow(SettingsError);
    expect(read).toThrow(`→ at ${name}`);
  });
});
