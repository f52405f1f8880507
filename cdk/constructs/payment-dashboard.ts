import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import {
  type MetricName,
  metricCatalogue,
  metricNamespace,
} from '../../shared/observability/metric-catalogue.ts';
import { metricDescriptions } from '../../shared/observability/metric-descriptions.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { EventConsumer } from './event-consumer.ts';
import type { ServiceFunction } from './service-function.ts';

interface PaymentDashboardProps {
  readonly relay: ServiceFunction;
  readonly consumers: readonly EventConsumer[];
  readonly compensation: IStateMachine;
  readonly deadLetterQueues: readonly DeadLetterQueue[];
}

const period = Duration.minutes(1);
const fullWidth = 24;

/** A search expression: one graph line for each set of dimension values, so that none has to be listed. */
const searchExpression = (name: MetricName, statistic: string): MathExpression => {
  const dimensions = [metricNamespace, 'service', ...metricCatalogue[name].dimensions].join(',');

  return new MathExpression({
    expression: `SEARCH('{${dimensions}} MetricName="${name}"', '${statistic}', ${period.toSeconds()})`,
    usingMetrics: {},
    label: '',
    period,
  });
};

const graph = (title: string, ...left: readonly IMetric[]) =>
  new GraphWidget({ title, left: [...left], width: fullWidth / 2, height: 6, period });

const rowHeading = (text: string) =>
  new TextWidget({ markdown: `## ${text}`, width: fullWidth, height: 1 });

const titleOf = (name: MetricName) => metricDescriptions[name];

/** The payment flow from top to bottom: requests, relay, gateway, backlog, compensation, consumers, dead-letter queues. */
export class PaymentDashboard extends Construct {
  constructor(scope: Construct, id: string, props: PaymentDashboardProps) {
    super(scope, id);
    const { relay, consumers, compensation, deadLetterQueues } = props;

    const dashboard = new Dashboard(this, 'Dashboard');
    const row = (text: string, ...widgets: readonly GraphWidget[]) =>
      dashboard.addWidgets(rowHeading(text), ...widgets);

    row(
      'Requests',
      graph(titleOf('RequestLatency'), searchExpression('RequestLatency', 'p99')),
      graph('requests by outcome', searchExpression('RequestLatency', Stats.SAMPLE_COUNT)),
      graph(titleOf('RequestsRejected'), searchExpression('RequestsRejected', Stats.SUM)),
      graph(titleOf('TransactionConflicts'), searchExpression('TransactionConflicts', Stats.SUM)),
      graph(titleOf('InvalidItems'), searchExpression('InvalidItems', Stats.SUM)),
    );
    row(
      'Canary payments',
      graph(titleOf('CanaryPayments'), searchExpression('CanaryPayments', Stats.SUM)),
      graph(
        titleOf('CanaryTimeToFinalStatus'),
        searchExpression('CanaryTimeToFinalStatus', Stats.MAXIMUM),
      ),
    );
    row(
      'Outbox relay',
      graph(titleOf('EventsPublished'), searchExpression('EventsPublished', Stats.SUM)),
      graph(
        titleOf('OutboxRecordsNotPublished'),
        searchExpression('OutboxRecordsNotPublished', Stats.SUM),
      ),
      graph(titleOf('EventsNotBuilt'), searchExpression('EventsNotBuilt', Stats.SUM)),
      graph('outbox relay lag', relay.metric('IteratorAge', { statistic: 'Maximum' })),
    );
    row(
      'Gateway',
      graph(titleOf('GatewayLatency'), searchExpression('GatewayLatency', 'p99')),
      graph('gateway requests by outcome', searchExpression('GatewayLatency', Stats.SAMPLE_COUNT)),
      graph(titleOf('TimeToFinalStatus'), searchExpression('TimeToFinalStatus', 'p99')),
      graph('final statuses by SLO', searchExpression('TimeToFinalStatus', Stats.SAMPLE_COUNT)),
      graph(titleOf('GatewayCircuitOpened'), searchExpression('GatewayCircuitOpened', Stats.SUM)),
      graph(titleOf('GatewayDifferences'), searchExpression('GatewayDifferences', Stats.SUM)),
      graph(
        titleOf('GatewayCredentialsRejected'),
        searchExpression('GatewayCredentialsRejected', Stats.SUM),
      ),
      graph(titleOf('SecretReadsFailed'), searchExpression('SecretReadsFailed', Stats.SUM)),
    );
    row(
      'Backlog',
      graph(titleOf('BacklogPayments'), searchExpression('BacklogPayments', 'Maximum')),
      graph(titleOf('BacklogOldestAge'), searchExpression('BacklogOldestAge', 'Maximum')),
      graph(titleOf('BacklogAmount'), searchExpression('BacklogAmount', 'Maximum')),
      graph(titleOf('StuckPaymentsFound'), searchExpression('StuckPaymentsFound', Stats.SUM)),
      graph(
        titleOf('StuckPaymentsRemaining'),
        searchExpression('StuckPaymentsRemaining', Stats.MAXIMUM),
      ),
      graph(titleOf('SweeperRuns'), searchExpression('SweeperRuns', Stats.SUM)),
    );
    row(
      'Compensation',
      graph(
        'compensations',
        compensation.metricStarted({ period }),
        compensation.metricFailed({ period }),
        compensation.metricTimedOut({ period }),
      ),
      graph(titleOf('BookingsSkipped'), searchExpression('BookingsSkipped', Stats.SUM)),
    );
    row(
      'Consumers',
      graph(titleOf('ProcessingLatency'), searchExpression('ProcessingLatency', 'p99')),
      graph(
        'messages and steps by outcome',
        searchExpression('ProcessingLatency', Stats.SAMPLE_COUNT),
      ),
      graph(
        'age of the oldest message',
        ...consumers.map(({ queue }) =>
          queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period }),
        ),
      ),
    );
    row('Dead-letter queues', ...deadLetterQueues.map((queue) => queue.widget));
  }
}
