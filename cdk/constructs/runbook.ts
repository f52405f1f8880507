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
  'execute-refund': 'Dead letters: execute-refund',
  'refund-cancelled': 'Dead letters: refund-cancelled',
  'send-to-data-platform': 'Dead letters: send-to-data-platform',
  'notify-buyer': 'Dead letters: notify-buyer',
  'update-ranking': 'Dead letters: update-ranking',
  'add-loyalty-points': 'Dead letters: add-loyalty-points',
  'open-review': 'Dead letters: open-review',
  'close-review': 'Dead letters: close-review',
  'relay-undeliverable': 'Dead letters: changes that the relay could not read',
  'relay-failures': 'Dead letters: changes that the relay gave up',
  'relay-lag': 'Relay behind the tables',
  'compensation-undelivered': 'Dead letters: compensation',
  'compensation-failed': 'Compensation failed',
  'payments-overdue': 'Payments overdue',
  'sweep-behind': 'Sweeper does not keep up',
  'sweep-failing': 'Sweeper failing',
  'sweep-undelivered': 'Dead letters: sweep-payments',
  'backlog-undelivered': 'Dead letters: measure-backlog',
  'schedule-stopped': 'Schedule stopped',
  'outcome-unknown': 'Outcome unknown for too long',
  'queue-behind': 'Queue behind its events',
  'late-capture': 'Captured after all',
  'review-opened': 'Review opened',
  'event-not-built': 'Event not built',
  'bookings-skipped': 'Booking skipped: target missing',
  'gateway-difference': 'Gateway and books differ',
  'gateway-credentials': 'Gateway credentials',
  'webhooks-refused': 'Webhooks refused',
  'items-invalid': 'Invalid items of other services',
  'accept-unavailable': 'Accept is failing',
  'decisions-late': 'Final word comes late',
  throttled: 'Throttled',
} as const;

export type RunbookEntry = keyof typeof runbookHeadings;

/** An alarm's description: where to read on. */
export const describedBy = (entry: RunbookEntry): string =>
  `docs/runbook.md, "${runbookHeadings[entry]}"`;

interface RunbookAlarmProps {
  readonly metric: IMetric;
  readonly entry: RunbookEntry;
  readonly threshold?: number;
  readonly evaluationPeriods?: number;
  /** `below` rings where there is less than the threshold, and for silence: that is bad news then. */
  readonly rings?: 'from' | 'below';
}

const sense = {
  from: {
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  },
  below: {
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  },
} as const;

/** An alarm that says where to read on. It rings from `threshold` upwards, and silence is good news, unless it is to ring below. */
export const runbookAlarm = (
  scope: Construct,
  id: string,
  { metric, entry, threshold = 1, evaluationPeriods = 1, rings = 'from' }: RunbookAlarmProps,
): Alarm =>
  new Alarm(scope, id, {
    metric,
    threshold,
    evaluationPeriods,
    ...sense[rings],
    alarmDescription: describedBy(entry),
  });
