import { ArnFormat, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  type CfnDistribution,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { firewallRules, visibilityOf } from './constructs/firewall-rules.ts';
import { type EdgeSettings, edgeRegion } from './edge-settings.ts';
import type { StageProfile } from './stages.ts';

/**
 * The status codes that CloudFront caches for ten seconds by default, also for other callers: a buyer would get the 404
 * of another one.
 */
const cachedErrors = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];

interface EdgeStackProps {
  readonly account: string | undefined;
  readonly edge: EdgeSettings;
  readonly profile: StageProfile;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A CloudFront distribution with a web application firewall in front of the API. It knows the API by its domain name
 * alone, so that it can be in another region than the API.
 */
export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, { account, edge, profile, tags }: EdgeStackProps) {
    super(scope, id, {
      env: { region: edgeRegion, ...(account !== undefined && { account }) },
      terminationProtection: profile.deletionProtection,
      tags,
    });

    const firewall = new CfnWebACL(this, 'Firewall', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      rules: firewallRules,
      visibilityConfig: visibilityOf('firewall'),
    });
    this.addFirewallLog(firewall, profile);
    const { origin } = edge;
    const distribution = new Distribution(this, 'Distribution', {
      comment: id,
      domainNames: [edge.domainName],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', edge.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      webAclId: firewall.attrArn,
      defaultBehavior: {
        origin: new HttpOrigin(origin.domainName, {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
          // Longer than a request to API Gateway can take.
          readTimeout: Duration.seconds(60),
        }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        // Every answer is of one caller.
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      },
      errorResponses: cachedErrors.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    });
    if (origin.mutualTls)
      (distribution.node.defaultChild as CfnDistribution).addPropertyOverride(
        'DistributionConfig.Origins.0.CustomOriginConfig.OriginMtlsConfig.ClientCertificateArn',
        origin.mutualTls.clientCertificateArn,
      );
    new CfnOutput(this, 'DistributionDomainName', { value: distribution.distributionDomainName });
  }

  /** The firewall's log has the address of each caller: API Gateway sees only that of CloudFront. */
  private addFirewallLog(firewall: CfnWebACL, profile: StageProfile): void {
    const logGroup = new LogGroup(this, 'FirewallLogs', {
      // AWS WAF requires the prefix.
      logGroupName: `aws-waf-logs-${this.stackName}`,
      retention: profile.auditLogRetention,
      // The name is fixed: a group that outlived a failed creation of the stack would fail the next one.
      removalPolicy:
        profile.removalPolicy === RemovalPolicy.RETAIN
          ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
          : profile.removalPolicy,
    });
    new CfnLoggingConfiguration(this, 'FirewallLogging', {
      resourceArn: firewall.attrArn,
      logDestinationConfigs: [
        this.formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: logGroup.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [{ singleHeader: { Name: 'authorization' } }],
    });
  }
}
