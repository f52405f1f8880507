import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { RequestInProgressError } from '../domain/errors.ts';
import type { Clock } from '../domain/time.ts';
import { logger } from '../observability/logger.ts';
import { flushMetrics, logOutcome, recordMetric } from '../observability/metrics.ts';

export interface ScheduledRun {
  /** ISO 8601, of the schedule's tick. */
  readonly tick: string;
}

interface RunSummary {
  readonly found: Readonly<Record<string, number>>;
  readonly overdue: number;
  readonly left: number;
  readonly faults: readonly string[];
}

/** The time for which it was scheduled. A local AWS leaves the placeholder of the schedule as it is: then it is the minute that we have. */
export const scheduledRunOf = (event: unknown, clock: Clock): ScheduledRun => {
  const { data } = z.object({ tick: z.iso.datetime() }).safeParse(event);
  if (data) return data;

  return { tick: `${clock.now().toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length)}:00Z` };
};

/** A schedule may tell of one tick twice. While the first is at work, there is nothing for the second to find. */
const emptyRun: { readonly value: RunSummary } = {
  value: { found: {}, overdue: 0, left: 0, faults: [] },
};

const emptyIfRunning = (error: unknown) => {
  if (error instanceof RequestInProgressError) return emptyRun;
  throw error;
};

/**
 * Runs the work of a schedule once a tick. What was overdue is counted; what could not be done is logged, and found again by a
 * later tick.
 */
export const scheduleHandler = (
  work: (run: ScheduledRun, context: Context) => Promise<{ readonly value: RunSummary }>,
  clock: Clock,
) =>
  middy<unknown, RunSummary['found']>().handler(async (event, context) => {
    const { value } = await work(scheduledRunOf(event, clock), context).catch(emptyIfRunning);
    const { found, overdue, left, faults } = value;
    recordMetric('SweeperRuns', 1, {});
    recordMetric('StuckPaymentsFound', overdue, {});
    recordMetric('StuckPaymentsRemaining', left, {});
    if (faults.length > 0) logger.error('sweep completed', { ...found, faults });
    else logOutcome('sweep completed', found);
    flushMetrics();

    return found;
  });
