import { kebabCase } from '../../../../cdk/constructs/names.ts';
import { resourceNameOf, toText, valueAt } from '../intrinsics.ts';
import type { Synthesis } from '../synthesis.ts';
import { type RetryPolicy, readRetryPolicy } from './retry-policy.ts';

/** An enabled schedule of EventBridge Scheduler. It invokes its function asynchronously. */
export interface DeployedSchedule {
  readonly name: string;
  readonly everyMs: number;
  /** The folder of the function that it invokes. */
  readonly folder: string;
  /** The JSON text of the input, with a placeholder for the scheduled time. */
  readonly input: string;
  readonly retry: RetryPolicy;
  /** The queue of ticks that could not invoke the function. Without it they are lost. */
  readonly deadLetterQueue?: string | undefined;
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const defaultRetry = { maximumRetryAttempts: 185, maximumEventAgeMs: 24 * 3_600_000 };

export const readSchedules = ({ all }: Synthesis): readonly DeployedSchedule[] =>
  all('AWS::Scheduler::Schedule')
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map(({ name, properties }) => {
      const deadLetters = valueAt(properties, 'Target.DeadLetterConfig.Arn');
      if (valueAt(properties, 'FlexibleTimeWindow.Mode') !== 'OFF')
        throw new Error(`The flexible window of schedule ${name} is not supported.`);

      return {
        name,
        everyMs: intervalMs(toText(properties.ScheduleExpression)),
        folder: kebabCase(resourceNameOf(valueAt(properties, 'Target.Arn'))),
        input: toText(valueAt(properties, 'Target.Input')),
        retry: readRetryPolicy(valueAt(properties, 'Target.RetryPolicy'), defaultRetry),
        deadLetterQueue: deadLetters === undefined ? undefined : resourceNameOf(deadLetters),
      };
    });

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** `rate(5 minutes)` in milliseconds. Throws on a cron expression: its ticks have no fixed interval. */
const intervalMs = (expression: string): number => {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (unit === undefined) throw new Error(`The schedule ${expression} is not supported.`);

  return Number(count) * unitMs[unit as keyof typeof unitMs];
};

/** The input of the tick that was scheduled for `at`, in milliseconds since the epoch. */
export const scheduleInput = ({ input }: Pick<DeployedSchedule, 'input'>, at: number): unknown =>
  JSON.parse(
    // Scheduler gives whole seconds: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    input.replaceAll(
      '<aws.scheduler.scheduled-time>',
      new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
    ),
  );
