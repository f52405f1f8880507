import { describe, expect, it } from 'vitest';
import { pascalCase } from '../../cdk/constructs/names.ts';
import { stages } from '../../cdk/stages.ts';
import { canaryBuyer } from '../../shared/domain/canary.ts';
import {
  compensationTrigger,
  externalConsumers,
  subscriptionFilters,
  subscriptions,
} from '../../shared/domain/events/subscriptions.ts';
import { timings } from '../../shared/domain/timings.ts';
import {
  type Fields,
  invokedFunctionOf,
  type Json,
  toList,
  toText,
  valueAt,
} from '../support/cdk/intrinsics.ts';
import { contexts, synthesize } from '../support/cdk/synthesis.ts';

const steps = ['restore-stock', 'restore-balance', 'release-order'];

describe.each(Object.entries(contexts))('events (%s)', (stage, context) => {
  const { all, named } = synthesize(context);
  const profile = stages[stage as keyof typeof stages];
  const withoutCanary: readonly string[] = stage === 'local' ? [] : externalConsumers;

  it('has exactly one rule for each subscription and one for the compensation', () => {
    expect(
      all('AWS::Events::Rule')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      [
        'Compensation/Rule',
        ...Object.keys(subscriptions).map((folder) => `${pascalCase(folder)}Consumer/Rule`),
      ].sort(),
    );
  });

  it.each(Object.entries(subscriptions))(
    'delivers to %s only the events it subscribes to',
    (folder, events) => {
      const consumer = `${pascalCase(folder)}Consumer`;
      const rule = named(`${consumer}/Rule`).properties;
      const mapping = all('AWS::Lambda::EventSourceMapping').find(
        ({ properties }) => properties.EventSourceArn === `${consumer}/Queue.Arn`,
      );

      expect(rule).toMatchObject({
        EventBusName: 'Bus',
        State: 'ENABLED',
      });
      const field = subscriptionFilters[folder as keyof typeof subscriptions];
      expect(rule.EventPattern).toEqual({
        source: ['aftercommit.payments'],
        'detail-type': [...events],
        ...(field && { detail: { data: { [field]: [{ exists: true }] } } }),
        ...(withoutCanary.includes(folder) && {
          detail: { data: { userId: [{ 'anything-but': [canaryBuyer] }] } },
        }),
      });
      expect(toList(rule.Targets).map((target) => valueAt(target, 'Arn'))).toEqual([
        `${consumer}/Queue.Arn`,
      ]);
      expect(invokedFunctionOf(mapping?.properties.FunctionName)).toBe(pascalCase(folder));
      expect(mapping?.properties).toMatchObject({
        BatchSize: folder === 'charge-payment' ? profile.chargeBatchSize : 10,
      });
    },
  );

  it.each(Object.keys(subscriptions))('gives %s one attempt more than backoffs', (folder) => {
    const queue = named(`${pascalCase(folder)}Consumer/Queue`).properties;
    const backoffs = timings[profile.timings].redeliveryBackoffMs;

    expect(valueAt(queue, 'RedrivePolicy.maxReceiveCount')).toBe(backoffs.length + 1);
    expect(valueAt(named(pascalCase(folder)).properties, 'Environment.Variables')).toMatchObject({
      QUEUE_URL: `${pascalCase(folder)}Consumer/Queue`,
      TIMINGS: profile.timings,
    });
  });

  it('trusts no "not found" while a charger with a claim could still be sending', () => {
    const chargerMs = 1_000 * Number(named('ChargePayment').properties.Timeout);

    expect(timings[profile.timings].inFlightWindowMs).toBeGreaterThanOrEqual(chargerMs);
  });

  it('gives an inquiry enough time for three calls of the gateway', () => {
    const inquiryMs = 1_000 * Number(named('InquirePayment').properties.Timeout);

    expect(inquiryMs).toBeGreaterThan(3 * timings[profile.timings].pgTimeoutMs);
  });

  it('gives the charger more time than the gateway timeout and less than a claim lease', () => {
    const { pgTimeoutMs, claimLeaseMs } = timings[profile.timings];
    const chargerMs = 1_000 * Number(named('ChargePayment').properties.Timeout);

    expect(chargerMs).toBeGreaterThan(pgTimeoutMs);
    expect(chargerMs).toBeLessThan(claimLeaseMs);
  });

  it('starts one compensation for a failed payment, named by the event id', () => {
    const rule = named('Compensation/Rule').properties;

    expect(rule.EventPattern).toEqual({
      source: ['aftercommit.payments'],
      'detail-type': [compensationTrigger],
    });
    expect(toList(rule.Targets)).toEqual([
      expect.objectContaining({
        Arn: 'Compensation/StateMachine',
        InputTransformer: {
          InputPathsMap: {
            id: '$.id',
            'detail-data-paymentId': '$.detail.data.paymentId',
            'detail-traceparent': '$.detail.traceparent',
          },
          InputTemplate:
            '{"id":<id>,"paymentId":<detail-data-paymentId>,"traceparent":<detail-traceparent>}',
        },
      }),
    ]);
  });

  it.each([
    ['Sweep', 'SweepPayments'],
    ['Backlog', 'MeasureBacklog'],
    ...(stage === 'local' ? [] : [['CanaryPayments', 'PayCanaryOrder']]),
  ])('schedules %s every minute with the scheduled time and a dead-letter queue', (id, called) => {
    const { properties } = named(`${id}/Schedule`);

    expect(properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      Target: {
        Arn: `${called}.Arn`,
        RoleArn: `${id}/Role.Arn`,
        Input: '{"tick":"<aws.scheduler.scheduled-time>"}',
        DeadLetterConfig: { Arn: `${id}/DeadLetters.Arn` },
      },
    });
    expect(properties.State ?? 'ENABLED').toBe('ENABLED');
    expect(all('AWS::Scheduler::Schedule')).toHaveLength(stage === 'local' ? 2 : 3);
  });

  describe('the compensation workflow', () => {
    const machine = named('Compensation/StateMachine').properties;
    const definition = JSON.parse(toText(machine.DefinitionString)) as Fields;
    const compensate = valueAt(definition, 'States.Compensate');
    const taskOf = (branch: Json) =>
      valueAt(branch, `States.${toText(valueAt(branch, 'StartAt'))}`);
    const everyError = { ErrorEquals: ['States.ALL'] };
    const neverRan = {
      ErrorEquals: [
        'Lambda.TooManyRequestsException',
        'Lambda.ServiceException',
        'Lambda.AWSLambdaException',
        'Lambda.SdkClientException',
        'Lambda.ClientExecutionTimeoutException',
        'Lambda.Unknown',
        'Sandbox.Timedout',
        'Runtime.ExitError',
        'Runtime.NodejsExit',
      ],
      MaxAttempts: 10,
    };

    it('is a standard workflow with a timeout of 15 minutes', () => {
      expect(machine.StateMachineType).toBe('STANDARD');
      expect(definition).toMatchObject({ StartAt: 'Compensate', TimeoutSeconds: 900 });
    });

    it('runs every step, even if others fail', () => {
      const tasks = toList(valueAt(compensate, 'Branches')).map(taskOf);

      expect(valueAt(compensate, 'Type')).toBe('Parallel');
      expect(tasks.map((task) => valueAt(task, 'Resource'))).toEqual(
        steps.map((step) => `${pascalCase(step)}.Arn`),
      );
      for (const task of tasks) {
        // A step receives the execution's input. From an operator that is only the payment's id.
        expect(task).not.toHaveProperty('Parameters');
        expect(task).toMatchObject({
          Type: 'Task',
          End: true,
          Retry: [neverRan, { ...everyError, MaxAttempts: stage === 'local' ? 2 : 5 }],
          Catch: [{ ...everyError, Next: expect.stringContaining('to review') }],
        });
      }
    });

    it('lets a function report its own timeout', () => {
      for (const task of toList(valueAt(compensate, 'Branches')).map(taskOf)) {
        const { properties } = named(toText(valueAt(task, 'Resource')).replace('.Arn', ''));

        expect(valueAt(task, 'TimeoutSeconds')).toBeGreaterThan(Number(properties.Timeout));
      }
    });

    it('then decides by the records, and fails if they cannot be read', () => {
      const finish = valueAt(definition, `States.${toText(valueAt(compensate, 'Next'))}`);

      expect(valueAt(compensate, 'ResultPath')).toBeNull();
      expect(finish).toMatchObject({
        Resource: 'FinishCompensation.Arn',
        Retry: [neverRan, everyError],
        End: true,
      });
      expect(finish).not.toHaveProperty('Catch');
    });
  });
});
