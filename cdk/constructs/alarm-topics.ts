import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { RunbookAlarm, RunbookCompositeAlarm, type Severity } from './runbook.ts';

/** ARN of the SNS topic of each severity. Alarms of a severity without a topic do not notify. */
type AlarmTopics = Readonly<Record<Severity, string | undefined>>;

/** Sends each alarm of the scope to the topic of its severity when it fires, and again when it recovers. */
export const notifyTopics = (scope: Construct, topics: AlarmTopics): void => {
  const alarms = scope.node
    .findAll()
    .filter((one) => one instanceof RunbookAlarm || one instanceof RunbookCompositeAlarm);

  for (const severity of ['page', 'ticket'] as const) {
    const arn = topics[severity];
    if (arn === undefined) continue;
    const action = new SnsAction(Topic.fromTopicArn(scope, `${severity}-topic`, arn));
    for (const one of alarms.filter((alarm) => alarm.severity === severity)) {
      one.addAlarmAction(action);
      one.addOkAction(action);
    }
  }
};
