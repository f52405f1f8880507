import { Duration } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import type { AggregateTable } from './aggregate-table.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { createRunbookAlarm } from './runbook.ts';
import type { ServiceFunction } from './service-function.ts';

interface ChangeRelayProps {
  readonly bus: IEventBus;
  readonly tables: Readonly<Record<string, AggregateTable>>;
  readonly relay: ServiceFunction;
  readonly profile: StageProfile;
}

/** The outbox relay: streams -> function -> bus. A record is published, or a dead-letter queue holds its position. */
export class ChangeRelay extends Construct {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { bus, tables, relay, profile }: ChangeRelayProps) {
    super(scope, id);

    // Records that the relay could not read. It quarantines them so that the next records are relayed.
    const undeliverable = new DeadLetterQueue(this, 'Undeliverable', {
      entry: 'relay-undeliverable',
      profile,
    });
    // Batches that Lambda gave up on after its retries. Both queues hold stream positions, not the records.
    const failures = new DeadLetterQueue(this, 'Failures', { entry: 'relay-failures', profile });

    relay.grantPublish(bus).grantSend(undeliverable, 'UNDELIVERABLE_QUEUE_URL');
    // Lambda sends to it with the role of the function.
    failures.allowSender(relay.role);
    for (const table of Object.values(tables)) this.addStream(table, relay, failures, profile);
    this.outputs = {
      RelayUndeliverableUrl: undeliverable.queueUrl,
      RelayFailuresUrl: failures.queueUrl,
    };

    const metric = relay.metric('IteratorAge', {
      period: Duration.minutes(1),
      statistic: 'Maximum',
    });
    createRunbookAlarm(this, 'LagAlarm', {
      metric,
      entry: 'relay-lag',
      threshold: Duration.minutes(1).toMilliseconds(),
      evaluationPeriods: 3,
    });
  }

  private addStream(
    table: AggregateTable,
    relay: ServiceFunction,
    failures: DeadLetterQueue,
    profile: StageProfile,
  ): void {
    const { tableStreamArn } = table;
    if (tableStreamArn === undefined) throw new Error(`The table ${table.node.id} has no stream.`);

    // grantStreamRead of the library also allows listing the streams of every table.
    relay.grantActions(
      [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      tableStreamArn,
    );
    relay.addEventSourceMapping(table.node.id, {
      eventSourceArn: tableStreamArn,
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
      // Enough for an outage of the bus, and few enough that a rejected event delays the others only briefly.
      retryAttempts: 50,
      maxRecordAge: profile.maxRecordAge,
      onFailure: new SqsDlq(failures),
    });
  }
}
