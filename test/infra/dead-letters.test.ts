import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runbookHeadings } from '../../cdk/constructs/runbook.ts';
import { subscriptions } from '../../shared/domain/events/subscriptions.ts';
import { metricsOf } from '../support/cdk/alarms.ts';
import { invokedFunctionOf, toList, toText, valueAt } from '../support/cdk/intrinsics.ts';
import { contexts, type Resource, synthesize } from '../support/cdk/synthesis.ts';
import { consumersWithoutQueue } from '../unit/application/dead-letters/harness.ts';

const runbook = readFileSync('docs/runbook.md', 'utf8').split('\n');
const consumers = Object.keys(subscriptions).length;
const streamTables = ['Orders', 'Payments', 'Refunds', 'LoyaltyPoints'];
const fourteenDays = 14 * 24 * 60 * 60;

const isStream = ({ properties }: Resource) =>
  toText(properties.EventSourceArn).endsWith('.StreamArn');

describe.each(Object.entries(contexts))('dead-letter queues (%s)', (stage, context) => {
  const { all, named } = synthesize(context);
  const queues = all('AWS::SQS::Queue');
  const mappings = all('AWS::Lambda::EventSourceMapping');
  const streams = mappings.filter(isStream);
  const targets = all('AWS::Events::Rule').flatMap(({ properties }) => toList(properties.Targets));
  const arnsOfDeadLetters = new Set(
    [
      ...queues.map(({ properties }) => valueAt(properties, 'RedrivePolicy.deadLetterTargetArn')),
      ...targets.map((target) => valueAt(target, 'DeadLetterConfig.Arn')),
      ...streams.map(({ properties }) =>
        valueAt(properties, 'DestinationConfig.OnFailure.Destination'),
      ),
      ...all('AWS::Scheduler::Schedule').map(({ properties }) =>
        valueAt(properties, 'Target.DeadLetterConfig.Arn'),
      ),
      'Relay/Undeliverable.Arn',
    ].filter((arn) => arn !== undefined),
  );
  const areDeadLetters = ({ name }: Resource) => arnsOfDeadLetters.has(`${name}.Arn`);

  it('gives every consumer queue a dead-letter queue', () => {
    const consumed = queues.filter((queue) => !areDeadLetters(queue));

    expect(consumed.map(({ name }) => name)).toContain('ChargePaymentConsumer/Queue');
    for (const { name, properties } of consumed)
      expect(valueAt(properties, 'RedrivePolicy.deadLetterTargetArn'), name).toBeDefined();
  });

  it('consumes no dead-letter queue, and only queues that have one', () => {
    const sources = mappings.filter((one) => !isStream(one));
    const withOne = queues
      .filter(({ properties }) => properties.RedrivePolicy)
      .map(({ name }) => `${name}.Arn`);

    expect(sources).not.toEqual([]);
    for (const { properties } of sources) {
      expect(arnsOfDeadLetters).not.toContain(properties.EventSourceArn);
      expect(withOne).toContain(properties.EventSourceArn);
    }
  });

  it('gives every rule target a dead-letter queue', () => {
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets)
      expect(valueAt(target, 'DeadLetterConfig.Arn'), toText(valueAt(target, 'Arn'))).toBeDefined();
  });

  it('lets the bus send to each queue and dead-letter queue of its rules', () => {
    const sendable = all('AWS::SQS::QueuePolicy').flatMap(({ properties }) =>
      toList(valueAt(properties, 'PolicyDocument.Statement'))
        .filter((statement) => valueAt(statement, 'Principal.Service') === 'events.amazonaws.com')
        .filter((statement) => toList(valueAt(statement, 'Action')).includes('sqs:SendMessage'))
        .map((statement) => toText(valueAt(statement, 'Resource'))),
    );
    const sentTo = targets
      .flatMap((target) => [valueAt(target, 'Arn'), valueAt(target, 'DeadLetterConfig.Arn')])
      .map(toText)
      .filter((arn) => arn.endsWith('.Arn'));

    expect(sentTo).toHaveLength(2 * consumers + 1);
    expect(sendable).toEqual(expect.arrayContaining(sentTo));
  });

  it.each(streamTables)(
    'retries records of %s, bisects a failing batch and dead-letters what still fails',
    (table) => {
      const { properties } = named(`RelayChanges/${table}`);

      expect(properties).toMatchObject({
        EventSourceArn: `${table}.StreamArn`,
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        // No count of retries ends them, only the age of the record.
        MaximumRetryAttempts: -1,
        DestinationConfig: { OnFailure: { Destination: 'Relay/Failures.Arn' } },
      });
      // An outage of the bus for hours leaves nothing to an operator; then the stream still has the record.
      expect(properties.MaximumRecordAgeInSeconds).toBe(stage === 'local' ? 60 : 6 * 60 * 60);
    },
  );

  it('filters deletions out of every stream', () => {
    const filters = streams.map(({ properties }) => [
      properties.EventSourceArn,
      valueAt(properties, 'FilterCriteria.Filters'),
    ]);

    expect(Object.fromEntries(filters)).toEqual(
      Object.fromEntries(
        streamTables.map((table) => [
          `${table}.StreamArn`,
          [{ Pattern: '{"eventName":["INSERT","MODIFY"]}' }],
        ]),
      ),
    );
  });

  it('retains dead-lettered messages for 14 days', () => {
    for (const { name, properties } of queues.filter(areDeadLetters))
      expect(properties.MessageRetentionPeriod, name).toBe(fourteenDays);
  });

  it('retains messages for four days, longer than a function is broken over a weekend', () => {
    for (const { name, properties } of queues.filter((queue) => !areDeadLetters(queue)))
      expect(properties.MessageRetentionPeriod, name).toBe(4 * 24 * 60 * 60);
  });

  it('alarms on the first dead-lettered message and names a heading of the runbook', () => {
    const alarms = all('AWS::CloudWatch::Alarm');
    const headings = Object.values(runbookHeadings).map((one) => `docs/runbook.md, "${one}"`);

    for (const { name } of queues.filter(areDeadLetters))
      expect(
        alarms.find(
          ({ properties }) => valueAt(properties, 'Dimensions.0.Value') === `${name}.QueueName`,
        )?.properties,
        name,
      ).toMatchObject({
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Statistic: 'Maximum',
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      });
    for (const { name, properties } of alarms)
      expect(headings, name).toContain(properties.AlarmDescription);
  });

  it('alarms on each further message on AWS, also while others are there or are being read', () => {
    const alarms = all('AWS::CloudWatch::Alarm').filter(({ name }) =>
      name.endsWith('/ArrivalsAlarm'),
    );
    const watched = alarms.map(({ properties }) => metricsOf(properties));

    expect(watched.map(([metric]) => valueAt(metric, 'Dimensions.0.Value')).sort()).toEqual(
      stage === 'local'
        ? []
        : queues
            .filter(areDeadLetters)
            .map(({ name }) => `${name}.QueueName`)
            .sort(),
    );
    for (const [index, { name, properties }] of alarms.entries()) {
      expect(properties, name).toMatchObject({ Threshold: 1, EvaluationPeriods: 1 });
      expect(valueAt(properties, 'Metrics.0.Expression'), name).toBe(
        'DIFF(FILL(count0, 0) + FILL(count1, 0))',
      );
      expect(
        watched[index]?.map((metric) => valueAt(metric, 'MetricName')),
        name,
      ).toEqual(['ApproximateNumberOfMessagesVisible', 'ApproximateNumberOfMessagesNotVisible']);
    }
  });

  it('alarms on relay lag, failed or timed-out compensations, and stuck payments', () => {
    const metrics = all('AWS::CloudWatch::Alarm').map(({ properties }) => properties.MetricName);

    expect(metrics).toEqual(
      expect.arrayContaining([
        'IteratorAge',
        'ExecutionsFailed',
        'ExecutionsTimedOut',
        'StuckPaymentsFound',
        'StuckPaymentsRemaining',
        'Errors',
      ]),
    );
  });

  it.each(['ListDeadLetters', 'RedriveDeadLetters'])('lets %s access every one of them', (name) => {
    const accessible = valueAt(named(name).properties, 'Environment.Variables.DEAD_LETTERS');
    const reached = JSON.parse(toText(accessible)) as Record<string, string>[];

    expect(reached.map(({ deadLetters }) => deadLetters).toSorted()).toEqual(
      queues
        .filter(areDeadLetters)
        .map((queue) => `${queue.name}.QueueName`)
        .toSorted(),
    );
    expect(reached.map(({ consumer }) => consumer).toSorted()).toEqual(
      [...Object.keys(subscriptions), ...consumersWithoutQueue]
        .filter((consumer) => stage !== 'local' || consumer !== 'canary-undelivered')
        .toSorted(),
    );
    for (const { consumer = '', queue } of reached)
      expect(queue !== undefined, consumer).toBe(consumer in subscriptions);
  });

  it('has a visibility timeout of six function timeouts plus the batching window', () => {
    const sources = mappings.filter((one) => !isStream(one));

    expect(sources).toHaveLength(consumers);
    for (const { properties } of sources) {
      const queue = named(toText(properties.EventSourceArn).replace('.Arn', ''));
      const consumer = named(invokedFunctionOf(properties.FunctionName));

      expect(queue.properties.VisibilityTimeout, queue.name).toBe(
        6 * Number(consumer.properties.Timeout) +
          Number(properties.MaximumBatchingWindowInSeconds ?? 0),
      );
      expect(properties.FunctionResponseTypes, queue.name).toEqual(['ReportBatchItemFailures']);
    }
  });

  it('encrypts every queue, and denies plain HTTP outside the local stage', () => {
    const refusing = all('AWS::SQS::QueuePolicy')
      .filter(({ properties }) =>
        toList(valueAt(properties, 'PolicyDocument.Statement')).some(
          (statement) =>
            valueAt(statement, 'Effect') === 'Deny' &&
            valueAt(statement, 'Condition.Bool.aws:SecureTransport') === 'false',
        ),
      )
      .flatMap(({ properties }) => toList(properties.Queues));

    for (const { name, properties } of queues) {
      expect(properties.SqsManagedSseEnabled, name).toBe(true);
      if (stage !== 'local') expect(refusing, name).toContain(name);
    }
  });
});

it.each(Object.values(runbookHeadings))('has the heading "%s" in the runbook', (heading) => {
  expect(runbook).toContain(`## ${heading}`);
});
