import { Duration } from 'aws-cdk-lib';
import type { IHttpApi, IHttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Route } from '../../shared/http/routes.ts';
import { metricNamespace } from '../../shared/observability/metric-catalogue.ts';
import { createRunbookAlarm } from './runbook.ts';
import { fastBurnErrorRate } from './service-level-objectives.ts';

interface ApiAlarmsProps {
  readonly api: IHttpApi;
  readonly stage: IHttpStage;
  /** JSON lines with the `status` of each response as text. */
  readonly accessLogs: ILogGroup;
  /** The route that accepts payments. The stage has detailed metrics of it. */
  readonly acceptRoute: Pick<Route, 'method' | 'path'>;
}

/** Fewer failed responses in five minutes do not fire the alarm, whatever their share. */
const minErrors = 5;

/** Throttled requests in five minutes that are more than one client's burst. */
const minThrottled = 100;

const maxAcceptLatency = Duration.seconds(2);

const period = Duration.minutes(5);

/** What a buyer gets from the API although no function reports it: errors, throttled requests, slow responses. */
export class ApiAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ApiAlarmsProps) {
    super(scope, id);
    const { api, stage, accessLogs, acceptRoute } = props;

    createRunbookAlarm(this, 'Errors', {
      metric: new MathExpression({
        expression: `IF(errors >= ${minErrors}, errors / requests, 0)`,
        usingMetrics: {
          errors: stage.metricServerError({ statistic: Stats.SUM, period }),
          requests: stage.metricCount({ statistic: Stats.SUM, period }),
        },
        period,
      }),
      entry: 'api-errors',
      threshold: fastBurnErrorRate,
    });
    // An HTTP API counts a throttled request only together with all other 4xx, so the access log is counted:
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    const throttled = new MetricFilter(this, 'ThrottledRequests', {
      logGroup: accessLogs,
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
      metricNamespace: `${metricNamespace}/${api.apiId}`,
      metricName: 'ThrottledRequests',
    });
    createRunbookAlarm(this, 'Throttled', {
      metric: throttled.metric({ statistic: Stats.SUM, period }),
      entry: 'api-throttled',
      threshold: minThrottled,
    });
    // Of one route: long polls last as long as their clients ask for.
    createRunbookAlarm(this, 'AcceptLatency', {
      metric: stage.metricLatency({ statistic: Stats.percentile(99), period }).with({
        dimensionsMap: {
          ApiId: api.apiId,
          Stage: stage.stageName,
          Method: acceptRoute.method,
          Resource: acceptRoute.path,
        },
      }),
      entry: 'api-latency',
      threshold: maxAcceptLatency.toMilliseconds(),
      evaluationPeriods: 3,
      evaluateLowSampleCountPercentile: 'ignore',
    });
  }
}
