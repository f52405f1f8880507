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
import { DeadLetters } from './dead-letter-queue.ts';
import type { EventConsumer } from './event-consumer.ts';
import type { ServiceFunction } from './service-function.ts';

interface PaymentDashboardProps {
  readonly relay: ServiceFunction;
  readonly consumers: readonly EventConsumer[];
  readonly compensation: IStateMachine;
}

const period = Duration.minutes(1);
const wholeWidth = 24;

/** One line for each set of dimensions that is there: what a metric comes with, nobody has to list. */
const everyLineOf = (name: MetricName, statistic: string): MathExpression => {
  const dimensions = [metricNamespace, 'service', ...metricCatalogue[name].dimensions].join(',');

  return new MathExpression({
    expression: `SEARCH('{${dimensions}} MetricName="${name}"', '${statistic}', ${period.toSeconds()})`,
    usingMetrics: {},
    label: '',
    period,
  });
};

const graph = (title: string, ...left: readonly IMetric[]) =>
  new GraphWidget({ title, left: [...left], width: wholeWidth / 2, height: 6, period });

const headline = (text: string) =>
  new TextWidget({ markdown: `## ${text}`, width: wholeWidth, height: 1 });

const titled = (name: MetricName) => metricCatalogue[name].means;

/** The way of a payment, from top to bottom: accepted, published, charged, found out, undone, told; and what was left behind. */
export class PaymentDashboard extends Construct {
  constructor(scope: Construct, id: string, props: PaymentDashboardProps) {
    super(scope, id);
    const { relay, consumers, compensation } = props;

    const dashboard = new Dashboard(this, 'Dashboard');
    const row = (text: string, ...widgets: readonly GraphWidget[]) =>
      dashboard.addWidgets(headline(text), ...widgets);

    row(
      'Accepted',
      graph(titled('AnswerLatency'), everyLineOf('AnswerLatency', 'p99')),
      graph('requests by outcome', everyLineOf('AnswerLatency', Stats.SAMPLE_COUNT)),
      graph(titled('Refusals'), everyLineOf('Refusals', Stats.SUM)),
      graph(titled('TransactionConflicts'), everyLineOf('TransactionConflicts', Stats.SUM)),
      graph(titled('InvalidItems'), everyLineOf('InvalidItems', Stats.SUM)),
    );
    row(
      'Published',
      graph(titled('EventsPublished'), everyLineOf('EventsPublished', Stats.SUM)),
      graph(titled('ChangesNotPublished'), everyLineOf('ChangesNotPublished', Stats.SUM)),
      graph(titled('EventsNotBuilt'), everyLineOf('EventsNotBuilt', Stats.SUM)),
      graph('age of the oldest change', relay.metric('IteratorAge', { statistic: 'Maximum' })),
    );
    row(
      'Charged',
      graph(titled('PgLatency'), everyLineOf('PgLatency', 'p99')),
      graph('requests to the PG by outcome', everyLineOf('PgLatency', Stats.SAMPLE_COUNT)),
      graph(titled('DecisionLatency'), everyLineOf('DecisionLatency', 'p99')),
      graph('final words by whether in time', everyLineOf('DecisionLatency', Stats.SAMPLE_COUNT)),
      graph(titled('PgLeftAlone'), everyLineOf('PgLeftAlone', Stats.SUM)),
      graph(titled('GatewayDifferences'), everyLineOf('GatewayDifferences', Stats.SUM)),
      graph(titled('PgCredentialsRefused'), everyLineOf('PgCredentialsRefused', Stats.SUM)),
    );
    row(
      'Standing still',
      graph(titled('PaymentsWaiting'), everyLineOf('PaymentsWaiting', 'Maximum')),
      graph(titled('OldestWaiting'), everyLineOf('OldestWaiting', 'Maximum')),
      graph(titled('MoneyWaiting'), everyLineOf('MoneyWaiting', 'Maximum')),
      graph(titled('Overdue'), everyLineOf('Overdue', Stats.SUM)),
      graph(titled('OverdueLeft'), everyLineOf('OverdueLeft', Stats.MAXIMUM)),
      graph(titled('Sweeps'), everyLineOf('Sweeps', Stats.SUM)),
    );
    row(
      'Undone',
      graph(
        'compensations',
        compensation.metricStarted({ period }),
        compensation.metricFailed({ period }),
        compensation.metricTimedOut({ period }),
      ),
      graph(titled('BookingsSkipped'), everyLineOf('BookingsSkipped', Stats.SUM)),
    );
    row(
      'Told and undone, by function',
      graph(titled('HandlingLatency'), everyLineOf('HandlingLatency', 'p99')),
      graph('events and steps by outcome', everyLineOf('HandlingLatency', Stats.SAMPLE_COUNT)),
      graph(
        'age of the oldest message',
        ...consumers.map(({ queue }) =>
          queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period }),
        ),
      ),
    );
    row('Left behind', ...deadLettersOf(scope).map((queue) => queue.widget));
  }
}

const deadLettersOf = (scope: Construct): DeadLetters[] =>
  scope.node.findAll().filter((one) => one instanceof DeadLetters);
