import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnDomainName,
  type CfnStage,
  CorsHttpMethod,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  fallbackFunctionName,
  isOperatorRoute,
  methodsOf,
  type Route,
  scopesOf,
} from '../../shared/http/routes.ts';
import type { EdgeOrigin, EdgeSettings } from '../edge-settings.ts';
import type { TokenSource } from '../settings.ts';
import type { StageProfile } from '../stages.ts';
import { ApiAlarms } from './api-alarms.ts';
import { routeSettingsOf } from './route-throttles.ts';
import type { ServiceFunction } from './service-function.ts';

interface PaymentApiProps {
  readonly routes: readonly Route[];
  /** By folder: the function of every route, and of the fallback. */
  readonly functions: Readonly<Record<string, ServiceFunction>>;
  readonly tokens: TokenSource;
  /** The distribution in front of the API, if there is one: then the API has no other public address. */
  readonly edge?: EdgeSettings | undefined;
  /** Origins of the web shops that may call from a browser. */
  readonly corsOrigins: readonly string[];
  readonly profile: StageProfile;
}

/** The HTTP API: every route of the table, with the authorization that it requires. */
export class PaymentApi extends Construct {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: PaymentApiProps) {
    super(scope, id);
    const { routes, functions, tokens, corsOrigins, edge, profile } = props;

    const api = new HttpApi(this, 'Http', {
      createDefaultStage: false,
      ...(edge && { disableExecuteApiEndpoint: true }),
      ...(corsOrigins.length > 0 && { corsPreflight: preflight(corsOrigins) }),
    });

    const authorizer = new HttpJwtAuthorizer('Tokens', tokens.issuer, {
      jwtAudience: [...tokens.audience],
    });
    const added: HttpRoute[] = [];
    for (const route of routes) {
      const handler = functions[route.function];
      if (!handler) throw new Error(`No function ${route.function} for ${route.path}.`);
      const ofRoute = api.addRoutes({
        path: route.path,
        methods: methodsOf(route).map((method) => HttpMethod[method]),
        integration: new HttpLambdaIntegration(handler.node.id, handler.invoked),
        ...(route.access !== 'public' && { authorizer }),
        ...(isOperatorRoute(route) && { authorizationScopes: [...scopesOf(route)] }),
      });
      added.push(...ofRoute);
    }

    const fallbackFunction = functions[fallbackFunctionName];
    if (!fallbackFunction) throw new Error(`No function ${fallbackFunctionName}.`);
    // Without it API Gateway would respond itself, without a problem document.
    added.push(
      new HttpRoute(this, 'Fallback', {
        httpApi: api,
        routeKey: HttpRouteKey.DEFAULT,
        integration: new HttpLambdaIntegration(fallbackFunction.node.id, fallbackFunction.invoked),
      }),
    );

    const domainName = edge && this.originDomain(edge.origin);
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: profile.auditLogRetention,
      removalPolicy: profile.removalPolicy,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: profile.throttle,
      ...(domainName && { domainMapping: { domainName } }),
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(accessLog)),
      },
    });
    const acceptRoute = routes.find((route) => route.function === 'accept-payment');
    if (profile.routeThrottles !== undefined && acceptRoute) {
      const resource = stage.node.defaultChild as CfnStage;
      resource.routeSettings = routeSettingsOf({
        routes,
        throttles: profile.routeThrottles,
        measured: acceptRoute,
        hasPreflights: corsOrigins.length > 0,
      });
      // API Gateway rejects settings of a route that does not exist yet.
      stage.node.addDependency(...added);
      new ApiAlarms(this, 'Alarms', { api, stage, accessLogs, acceptRoute });
    }
    // Paths begin with a slash, and API Gateway does not accept two.
    this.outputs = {
      ApiUrl: edge ? `https://${edge.domainName}` : stage.url.replace(/\/$/, ''),
      ApiId: api.apiId,
      ...(domainName && { OriginRegionalDomainName: domainName.regionalDomainName }),
    };
  }

  /** The name under which the distribution calls the API. With mutual TLS, no other client can. */
  private originDomain({ domainName, certificateArn, mutualTls }: EdgeOrigin): DomainName {
    const domain = new DomainName(this, 'OriginDomain', {
      domainName,
      certificate: Certificate.fromCertificateArn(this, 'OriginCertificate', certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    if (mutualTls)
      (domain.node.defaultChild as CfnDomainName).mutualTlsAuthentication = {
        truststoreUri: mutualTls.truststoreUri,
      };

    return domain;
  }
}

/** Fields of an access log line: who called what from where, and what failed. No token and no body is logged. */
const accessLog = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceAddress: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  // The buyer, or the operator.
  subject: '$context.authorizer.claims.sub',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  error: '$context.error.message',
  errorType: '$context.error.responseType',
  latencyMs: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
};

const preflight = (origins: readonly string[]) => ({
  allowOrigins: [...origins],
  allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.HEAD, CorsHttpMethod.POST],
  allowHeaders: [
    'authorization',
    'content-type',
    'idempotency-key',
    'if-none-match',
    'prefer',
    // W3C Trace Context, sent by browsers with OpenTelemetry.
    'traceparent',
    'tracestate',
  ],
  // The longest that Chromium keeps a permission: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age
  maxAge: Duration.hours(2),
  exposeHeaders: ['etag', 'idempotency-replayed', 'location', 'preference-applied', 'retry-after'],
});
