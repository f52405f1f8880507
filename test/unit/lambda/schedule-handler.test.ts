import type { Context } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { RequestInProgressError } from '../../../shared/domain/errors.ts';
import {
  type ScheduledRun,
  scheduledRunOf,
  scheduleHandler,
} from '../../../shared/lambda/schedule-handler.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { captureMetrics } from '../../support/capture-metrics.ts';

const clock = { now: () => new Date('2026-03-14T12:34:56.789Z') };

describe('the tick of a schedule', () => {
  it('is the time for which it was scheduled', () => {
    expect(scheduledRunOf({ tick: '2026-03-14T12:30:00Z' }, clock)).toEqual({
      tick: '2026-03-14T12:30:00Z',
    });
  });

  it.each([[{ tick: '<aws.scheduler.scheduled-time>' }], [{}], [null]])(
    'is this minute where %o does not say it, never one for all times',
    (event) => {
      expect(scheduledRunOf(event, clock)).toEqual({ tick: '2026-03-14T12:34:00Z' });
    },
  );
});

describe('the work of a tick', () => {
  const run = async (value: {
    found: Record<string, number>;
    overdue: number;
    left: number;
    faults: string[];
  }) => {
    const ticks: ScheduledRun[] = [];
    const handler = scheduleHandler(async (tick) => {
      ticks.push(tick);

      return { value };
    }, clock);
    const found = await handler({ tick: '2026-03-14T12:30:00Z' }, {} as Context);

    return { ticks, found };
  };

  it('is counted, and what should have moved without it', async () => {
    const logged = captureMetrics();

    const { ticks, found } = await run({
      found: { RESERVED: 2, UNKNOWN: 1 },
      overdue: 2,
      left: 25,
      faults: [],
    });

    expect(ticks).toEqual([{ tick: '2026-03-14T12:30:00Z' }]);
    expect(found).toEqual({ RESERVED: 2, UNKNOWN: 1 });
    expect(logged).toEqual([{ SweeperRuns: 1, StuckPaymentsFound: 2, StuckPaymentsRemaining: 25 }]);
  });

  it('is nothing while the same tick is under way', async () => {
    const handler = scheduleHandler(() => Promise.reject(new RequestInProgressError()), clock);

    expect(await handler({ tick: '2026-03-14T12:30:00Z' }, {} as Context)).toEqual({});
  });

  it('fails loudly for any other reason', async () => {
    const handler = scheduleHandler(() => Promise.reject(new Error('the table is gone')), clock);

    await expect(handler({}, {} as Context)).rejects.toThrow('the table is gone');
  });

  it('is one log line, and an error where something could not be done', async () => {
    const logged = vi.spyOn(logger, 'error');

    await run({ found: { failed: 1 }, overdue: 1, left: 0, faults: ['Error: the bus is down'] });

    expect(logged).toHaveBeenCalledExactlyOnceWith('sweep completed', {
      failed: 1,
      faults: ['Error: the bus is down'],
    });
  });
});
