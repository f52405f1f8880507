import {
  Alarm,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmRule,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { monitoringScopeOf } from './nested-stacks.ts';

/** Headings of docs/runbook.md whose alarms page a person: act immediately. */
const pageHeadings = {
  'charge-payment': 'DLQ not empty: charge-payment',
  'inquire-payment': 'DLQ not empty: inquire-payment',
  'execute-refund': 'DLQ not empty: execute-refund',
  'refund-cancelled-payment': 'DLQ not empty: refund-cancelled-payment',
  'compensate-payment': 'DLQ not empty: compensate-payment',
  'open-review': 'DLQ not empty: open-review',
  'relay-undeliverable': 'Relay DLQ: unreadable records',
  'relay-failures': 'Relay DLQ: failed batches',
  'relay-lag': 'Outbox relay lag',
  'compensation-undelivered': 'DLQ not empty: compensation',
  'compensation-failed': 'Compensation failed',
  'stuck-payments': 'Stuck payments',
  'sweeper-lag': 'Sweeper lag',
  'schedule-missing': 'Schedule missing',
  'queue-lag': 'Queue lag',
  'event-not-built': 'Event not built',
  'gateway-credentials': 'Gateway credentials rejected',
  'secret-unreadable': 'Secret unreadable',
  'slo-accept-availability': 'SLO burn: accept availability',
  'slo-time-to-final-status': 'SLO burn: time to final status',
  throttled: 'Throttled',
  'account-concurrency': 'Account concurrency',
  'events-lost': 'Events lost by the bus',
  'api-errors': 'API errors',
  'api-throttled': 'API requests throttled',
  'canary-payments-failing': 'Canary payments failing',
} as const;

/** Headings of docs/runbook.md whose alarms are tickets: act on the next working day. */
const ticketHeadings = {
  'send-to-data-platform': 'DLQ not empty: send-to-data-platform',
  'notify-buyer': 'DLQ not empty: notify-buyer',
  'update-ranking': 'DLQ not empty: update-ranking',
  'add-loyalty-points': 'DLQ not empty: add-loyalty-points',
  'close-review': 'DLQ not empty: close-review',
  'sweeper-errors': 'Sweeper errors',
  'ticks-dropped': 'Schedule ticks dropped',
  'sweep-undelivered': 'DLQ not empty: sweep-payments',
  'backlog-undelivered': 'DLQ not empty: measure-backlog',
  'canary-undelivered': 'DLQ not empty: pay-canary-order',
  'unknown-outcome-age': 'Unknown outcome age',
  'late-capture': 'Late capture',
  'review-opened': 'Review opened',
  'bookings-skipped': 'Booking skipped: target missing',
  'gateway-difference': 'Gateway difference',
  'webhooks-rejected': 'Webhooks rejected',
  'items-invalid': 'Invalid external items',
  'canary-failures': 'Canary failures',
  'any-throttled': 'Functions or compensations throttled',
  'table-errors': 'DynamoDB errors',
  'events-undelivered': 'Events not delivered by the bus',
  'api-latency': 'API latency',
  'backup-failed': 'Backup failed',
} as const;

/** Headings of docs/runbook.md. The description of every alarm names one. */
export const runbookHeadings = { ...pageHeadings, ...ticketHeadings } as const;

export type RunbookEntry = keyof typeof runbookHeadings;

export type Severity = 'page' | 'ticket';

export const severityOf = (entry: RunbookEntry): Severity =>
  entry in pageHeadings ? 'page' : 'ticket';

/** An alarm's description: the runbook heading to open. */
export const runbookLink = (entry: RunbookEntry): string =>
  `docs/runbook.md, "${runbookHeadings[entry]}"`;

interface RunbookAlarmProps {
  readonly metric: IMetric;
  readonly entry: RunbookEntry;
  readonly threshold?: number;
  readonly evaluationPeriods?: number;
  /** `ignore` keeps the state of an alarm on a percentile while there are too few samples for it. */
  readonly evaluateLowSampleCountPercentile?: 'ignore';
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

/** An alarm that notifies. A plain Alarm does not: it is a part of a composite alarm, or stops a deployment. */
export class RunbookAlarm extends Alarm {
  readonly severity: Severity;

  constructor(
    scope: Construct,
    id: string,
    {
      entry,
      threshold = 1,
      evaluationPeriods = 1,
      comparison = 'atLeast',
      ...rest
    }: RunbookAlarmProps,
  ) {
    super(scope, id, {
      ...rest,
      threshold,
      evaluationPeriods,
      ...comparisons[comparison],
      alarmDescription: runbookLink(entry),
    });
    this.severity = severityOf(entry);
  }
}

interface RunbookCompositeAlarmProps {
  readonly alarmRule: IAlarmRule;
  readonly entry: RunbookEntry;
}

/** A composite alarm that notifies for its parts. */
export class RunbookCompositeAlarm extends CompositeAlarm {
  readonly severity: Severity;

  constructor(scope: Construct, id: string, { alarmRule, entry }: RunbookCompositeAlarmProps) {
    super(scope, id, { alarmRule, alarmDescription: runbookLink(entry) });
    this.severity = severityOf(entry);
  }
}

/**
 * Creates an alarm whose description names its runbook entry, in the nested stack of the alarms. By default it fires at
 * `threshold` and above, and missing data does not fire it.
 */
export const createRunbookAlarm = (
  scope: Construct,
  id: string,
  props: RunbookAlarmProps,
): RunbookAlarm => new RunbookAlarm(monitoringScopeOf(scope), id, props);
