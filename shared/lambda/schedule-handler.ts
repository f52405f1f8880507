import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { Clock } from '../domain/time.ts';
import { createHandler } from '../observability/invocation-scope.ts';
import { logger } from '../observability/logger.ts';
import { flushMetrics, logOutcome, recordMetric } from '../observability/metrics.ts';

export interface ScheduledRun {
  /** Scheduled time (ISO 8601). */
  readonly tick: string;
}

interface RunSummary {
  readonly found: Readonly<Record<string, number>>;
  readonly overdue: number;
  readonly left: number;
  readonly faults: readonly string[];
}

const scheduledEvent = z.object({ tick: z.iso.datetime() });

/**
 * The scheduled time of an event. A local AWS does not fill in the placeholder: then it is the current
 * minute.
 */
export const scheduledRunOf = (event: unknown, clock: Clock): ScheduledRun => {
  const { data } = scheduledEvent.safeParse(event);
  if (data) return data;

  return { tick: `${clock.now().toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length)}:00Z` };
};

/**
 * Handles a scheduled event: runs the work, records what it found and logs its failures. A later run finds
 * them again.
 */
export const scheduleHandler = (
  work: (run: ScheduledRun, context: Context) => Promise<{ readonly value: RunSummary }>,
  clock: Clock,
) =>
  createHandler<unknown, RunSummary['found']>().handler(async (event, context) => {
    const { value } = await work(scheduledRunOf(event, clock), context);
    const { found, overdue, left, faults } = value;
    recordMetric('SweeperRuns', 1, {});
    recordMetric('StuckPaymentsFound', overdue, {});
    recordMetric('StuckPaymentsRemaining', left, {});
    if (faults.length > 0) logger.error('sweep completed', { ...found, faults });
    else logOutcome('sweep completed', found);
    flushMetrics();

    return found;
  });
