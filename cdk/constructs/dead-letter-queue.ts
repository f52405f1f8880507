import { Duration } from 'aws-cdk-lib';
import { GraphWidget, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { maximumPerMinute, sumOf } from './alarm-metrics.ts';
import { createRunbookAlarm, type RunbookEntry, runbookHeadings } from './runbook.ts';
import { ServiceQueue } from './service-queue.ts';

interface DeadLetterQueueProps {
  readonly entry: RunbookEntry;
  readonly profile: StageProfile;
}

/** A dead-letter queue: longest retention of SQS, alarms on the first message and on each further one, a widget. */
export class DeadLetterQueue extends ServiceQueue {
  readonly widget: GraphWidget;
  readonly entry: RunbookEntry;
  /** The queue that messages can be redriven to, if they come from one. */
  sourceQueue?: ServiceQueue;

  constructor(scope: Construct, id: string, { entry, profile }: DeadLetterQueueProps) {
    super(scope, id, { profile, retentionPeriod: Duration.days(14) });

    this.entry = entry;
    const metric = this.metricApproximateNumberOfMessagesVisible(maximumPerMinute);
    createRunbookAlarm(this, 'Alarm', { metric, entry });
    if (profile.onAws) {
      // NumberOfMessagesSent does not count messages that SQS moves. A message that is being read is invisible.
      const held = sumOf('count', [
        metric,
        this.metricApproximateNumberOfMessagesNotVisible(maximumPerMinute),
      ]);
      createRunbookAlarm(this, 'ArrivalsAlarm', {
        metric: new MathExpression({
          ...held,
          expression: `DIFF(${held.expression})`,
          period: maximumPerMinute.period,
        }),
        entry,
      });
    }
    this.widget = new GraphWidget({ title: runbookHeadings[entry], left: [metric], width: 6 });
  }
}

/** Every dead-letter queue below the scope. */
export const findDeadLetterQueues = (scope: Construct): readonly DeadLetterQueue[] =>
  scope.node.findAll().filter((one) => one instanceof DeadLetterQueue);
