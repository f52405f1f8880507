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

/** Streams -> function -> bus. What was written is published, or a watched queue says where it stands. */
export class ChangeRelay extends Construct {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { bus, tables, relay, profile }: ChangeRelayProps) {
    super(scope, id);

    // Records that the relay did not understand, and set aside so that those behind them go on.
    const undeliverable = new DeadLetterQueue(this, 'Undeliverable', {
      entry: 'relay-undeliverable',
      profile,
    });
    // Batches that Lambda gave up after their tries. Both queues hold where the records stand, not what is in them.
    const failures = new DeadLetterQueue(this, 'Failures', { entry: 'relay-failures', profile });

    relay.grantPublish(bus).grantSend(undeliverable, 'UNDELIVERABLE_QUEUE_URL');
    for (const table of Object.values(tables)) this.addStream(table, relay, failures, profile);
    this.outputs = {
      RelayUndeliverableUrl: undeliverable.queueUrl,
      RelayFailuresUrl: failures.queueUrl,
    };

    const metric = relay.metric('IteratorAge', {
      period: Duration.minutes(1),
      statistic: 'Maximum',
    });
    createRunbookAlarm(this, 'RelayLagAlarm', {
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

    // The library's own grant lists the streams of every table.
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
      // From the first record on: nothing written while the relay was being deployed is missed.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      ...(profile.relayParallelization > 1 && {
        parallelizationFactor: profile.relayParallelization,
      }),
      // An item that is deleted says nothing.
      filters: [FilterCriteria.filter({ eventName: FilterRule.or('INSERT', 'MODIFY') })],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Enough for an outage of the bus; an event that it refuses for what it is does not hold up the others for long.
      retryAttempts: 50,
      maxRecordAge: profile.maxRecordAge,
      onFailure: new SqsDlq(failures),
    });
  }
}
