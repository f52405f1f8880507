import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { Clock } from '../domain/clock.ts';
import { logger } from '../observability/logger.ts';
import { measure, publishMeasures, tellOutcome } from '../observability/metrics.ts';
import { InFlight } from './idempotency.ts';

export interface Tick {
  /** ISO 8601, of the schedule's tick. */
  readonly tick: string;
}

interface Found {
  readonly found: Readonly<Record<string, number>>;
  readonly overdue: number;
  readonly left: number;
  readonly faults: readonly string[];
}

/** The time for which it was scheduled. A local AWS leaves the placeholder of the schedule as it is: then it is the minute that we have. */
export const tickOf = (event: unknown, clock: Clock): Tick => {
  const { data } = z.object({ tick: z.iso.datetime() }).safeParse(event);
  if (data) return data;

  return { tick: `${clock.now().toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length)}:00Z` };
};

/** A schedule may tell of one tick twice. While the first is at work, there is nothing for the second to find. */
const nothing: { readonly value: Found } = {
  value: { found: {}, overdue: 0, left: 0, faults: [] },
};

const unlessUnderWay = (error: unknown) => {
  if (error instanceof InFlight) return nothing;
  throw error;
};

/**
 * Runs the work of a schedule once a tick. What was overdue is counted; what could not be done is logged, and found again by a
 * later tick.
 */
export const tickHandler = (
  work: (tick: Tick, context: Context) => Promise<{ readonly value: Found }>,
  clock: Clock,
) =>
  middy<unknown, Found['found']>().handler(async (event, context) => {
    const { value } = await work(tickOf(event, clock), context).catch(unlessUnderWay);
    const { found, overdue, left, faults } = value;
    measure('Sweeps', 1, {});
    measure('Overdue', overdue, {});
    measure('OverdueLeft', left, {});
    if (faults.length > 0) logger.error('swept', { ...found, faults });
    else tellOutcome('swept', found);
    publishMeasures();

    return found;
  });
