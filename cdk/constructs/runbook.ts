import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Headings of docs/runbook.md. Every alarm names the one that says what it means and what to do. */
export const runbookHeadings = {
  'charge-payment': 'Dead letters: charge-payment',
  'inquire-payment': 'Dead letters: inquire-payment',
  'send-to-data-platform': 'Dead letters: send-to-data-platform',
  'notify-buyer': 'Dead letters: notify-buyer',
  'update-ranking': 'Dead letters: update-ranking',
  'add-loyalty-points': 'Dead letters: add-loyalty-points',
  'relay-undeliverable': 'Dead letters: changes that the relay could not read',
  'relay-failures': 'Dead letters: changes that the relay gave up',
  'relay-lag': 'Relay behind the tables',
  'compensation-undelivered': 'Dead letters: compensation',
  'compensation-failed': 'Compensation failed',
  'payments-overdue': 'Payments overdue',
  'sweep-failing': 'Sweeper failing',
  'sweep-undelivered': 'Dead letters: sweep-payments',
} as const;

export type RunbookEntry = keyof typeof runbookHeadings;

interface RunbookAlarmProps {
  readonly metric: IMetric;
  readonly entry: RunbookEntry;
  readonly threshold?: number;
  readonly evaluationPeriods?: number;
}

/** An alarm that says where to read on. It rings from `threshold` upwards, and silence is good news. */
export const runbookAlarm = (
  scope: Construct,
  id: string,
  { metric, entry, threshold = 1, evaluationPeriods = 1 }: RunbookAlarmProps,
): Alarm =>
  new Alarm(scope, id, {
    metric,
    threshold,
    evaluationPeriods,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `docs/runbook.md, "${runbookHeadings[entry]}"`,
  });
