import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import {
  type EventSourceMapping,
  FilterCriteria,
  FilterRule,
  MetricType,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import type { ServiceTable } from './aggregate-table.ts';
import { maximumPerMinute, sumOf, sumOverFiveMinutes } from './alarm-metrics.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { createRunbookAlarm } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceMetric } from './service-metric.ts';

interface ChangeRelayProps {
  readonly bus: IEventBus;
  readonly tables: Readonly<Record<string, ServiceTable>>;
  readonly relay: ServiceFunction;
  readonly profile: StageProfile;
}

/** The outbox relay: streams -> function -> bus. A record is published, or a dead-letter queue holds its position. */
export class ChangeRelay extends Construct {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { bus, tables, relay, profile }: ChangeRelayProps) {
    super(scope, id);

    // Records that the relay could not read, and events that the bus refuses for their content. The relay quarantines
    // them so that the next records are relayed.
    const undeliverable = new DeadLetterQueue(this, 'Undeliverable', {
      entry: 'relay-undeliverable',
      profile,
    });
    // Batches that Lambda gave up because of their age. Both queues hold stream positions, not the records.
    const failures = new DeadLetterQueue(this, 'Failures', { entry: 'relay-failures', profile });

    relay.grantPublish(bus).grantSend(undeliverable, 'UNDELIVERABLE_QUEUE_URL');
    // Lambda sends to it with the role of the function.
    failures.allowSender(relay.role);
    const mappings = Object.values(tables).map((table) =>
      this.addStream(table, relay, failures, profile),
    );
    this.outputs = {
      RelayUndeliverableUrl: undeliverable.queueUrl,
      RelayFailuresUrl: failures.queueUrl,
    };

    createRunbookAlarm(this, 'LagAlarm', {
      metric: relay.metric('IteratorAge', maximumPerMinute),
      entry: 'relay-lag',
      threshold: Duration.minutes(1).toMilliseconds(),
      evaluationPeriods: 3,
    });
    if (profile.onAws) this.addPublicationAlarms(relay, mappings);
  }

  private addPublicationAlarms(
    relay: ServiceFunction,
    mappings: readonly EventSourceMapping[],
  ): void {
    // One failure may be a throttled request. A quarter of an hour of them means that the bus rejects events.
    createRunbookAlarm(this, 'RejectedAlarm', {
      metric: serviceMetric(
        'OutboxRecordsNotPublished',
        relay.folder,
        { outcome: 'failed' },
        sumOverFiveMinutes,
      ),
      entry: 'relay-lag',
      evaluationPeriods: 3,
    });
    // The metrics of a mapping have its UUID as their only dimension.
    const dropped = mappings.map(
      ({ eventSourceMappingId }) =>
        new Metric({
          ...sumOverFiveMinutes,
          namespace: 'AWS/Lambda',
          metricName: 'DroppedEventCount',
          dimensionsMap: { EventSourceMappingUUID: eventSourceMappingId },
        }),
    );
    createRunbookAlarm(this, 'DroppedAlarm', {
      metric: new MathExpression({
        ...sumOf('dropped', dropped),
        period: sumOverFiveMinutes.period,
        label: 'stream records given up',
      }),
      entry: 'relay-failures',
    });
  }

  private addStream(
    table: ServiceTable,
    relay: ServiceFunction,
    failures: DeadLetterQueue,
    profile: StageProfile,
  ): EventSourceMapping {
    const streamArn = table.requiredStreamArn;

    // grantStreamRead of the library also allows listing the streams of every table.
    relay.grantActions(
      [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      streamArn,
    );

    return relay.addEventSourceMapping(table.node.id, {
      eventSourceArn: streamArn,
      // Start at the oldest record, so that writes during the deployment are relayed too.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      ...(profile.relayParallelization > 1 && {
        parallelizationFactor: profile.relayParallelization,
      }),
      // Deletions publish no event.
      filters: [FilterCriteria.filter({ eventName: FilterRule.or('INSERT', 'MODIFY') })],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Only its age ends the retries of a record. A count would end within minutes, because an attempt during an outage
      // of the bus takes seconds. A record that no retry can publish is quarantined and needs none.
      retryAttempts: -1,
      maxRecordAge: profile.maxRecordAge,
      onFailure: new SqsDlq(failures),
      ...(profile.onAws && { metricsConfig: { metrics: [MetricType.EVENT_COUNT] } }),
    });
  }
}
