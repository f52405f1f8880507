import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { monitoringScopeOf } from './nested-stacks.ts';

/** Headings of docs/runbook.md. The description of every alarm names one. */
export const runbookHeadings = {
  'charge-payment': 'DLQ not empty: charge-payment',
  'inquire-payment': 'DLQ not empty: inquire-payment',
  'execute-refund': 'DLQ not empty: execute-refund',
  'refund-cancelled-payment': 'DLQ not empty: refund-cancelled-payment',
  'compensate-payment': 'DLQ not empty: compensate-payment',
  'send-to-data-platform': 'DLQ not empty: send-to-data-platform',
  'notify-buyer': 'DLQ not empty: notify-buyer',
  'update-ranking': 'DLQ not empty: update-ranking',
  'add-loyalty-points': 'DLQ not empty: add-loyalty-points',
  'open-review': 'DLQ not empty: open-review',
  'close-review': 'DLQ not empty: close-review',
  'relay-undeliverable': 'Relay DLQ: unreadable records',
  'relay-failures': 'Relay DLQ: failed batches',
  'relay-lag': 'Outbox relay lag',
  'compensation-undelivered': 'DLQ not empty: compensation',
  'compensation-failed': 'Compensation failed',
  'stuck-payments': 'Stuck payments',
  'sweeper-lag': 'Sweeper lag',
  'sweeper-errors': 'Sweeper errors',
  'sweep-undelivered': 'DLQ not empty: sweep-payments',
  'backlog-undelivered': 'DLQ not empty: measure-backlog',
  'schedule-missing': 'Schedule missing',
  'unknown-outcome-age': 'Unknown outcome age',
  'queue-lag': 'Queue lag',
  'late-capture': 'Late capture',
  'review-opened': 'Review opened',
  'event-not-built': 'Event not built',
  'bookings-skipped': 'Booking skipped: target missing',
  'gateway-difference': 'Gateway difference',
  'gateway-credentials': 'Gateway credentials rejected',
  'webhooks-rejected': 'Webhooks rejected',
  'items-invalid': 'Invalid external items',
  'slo-accept-availability': 'SLO burn: accept availability',
  'slo-time-to-final-status': 'SLO burn: time to final status',
  'canary-failures': 'Canary failures',
  throttled: 'Throttled',
} as const;

export type RunbookEntry = keyof typeof runbookHeadings;

/** An alarm's description: the runbook heading to open. */
export const runbookLink = (entry: RunbookEntry): string =>
  `docs/runbook.md, "${runbookHeadings[entry]}"`;

interface RunbookAlarmProps {
  readonly metric: IMetric;
  readonly entry: RunbookEntry;
  readonly threshold?: number;
  readonly evaluationPeriods?: number;
  /** `below` fires if the value is less than the threshold, and if there is no data. */
  readonly comparison?: 'atLeast' | 'below';
}

const comparisons = {
  atLeast: {
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  },
  below: {
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  },
} as const;

/**
 * Creates an alarm whose description names its runbook entry, in the nested stack of the alarms. By default it fires at
 * `threshold` and above, and missing data does not fire it.
 */
export const createRunbookAlarm = (
  scope: Construct,
  id: string,
  {
    metric,
    entry,
    threshold = 1,
    evaluationPeriods = 1,
    comparison = 'atLeast',
  }: RunbookAlarmProps,
): Alarm =>
  new Alarm(monitoringScopeOf(scope), id, {
    metric,
    threshold,
    evaluationPeriods,
    ...comparisons[comparison],
    alarmDescription: runbookLink(entry),
  });
