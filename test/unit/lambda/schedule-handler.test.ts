import type { Context } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import {
  type ScheduledRun,
  scheduledRunOf,
  scheduleHandler,
} from '../../../shared/lambda/schedule-handler.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { captureMetrics } from '../../support/capture-metrics.ts';

const clock = { now: () => new Date('2026-03-14T12:34:56.789Z') };

describe('scheduled time', () => {
  it('is the time in the event', () => {
    expect(scheduledRunOf({ tick: '2026-03-14T12:30:00Z' }, clock)).toEqual({
      tick: '2026-03-14T12:30:00Z',
    });
  });

  it.each([[{ tick: '<aws.scheduler.scheduled-time>' }], [{}], [null]])(
    'is the current minute if the event is %o',
    (event) => {
      expect(scheduledRunOf(event, clock)).toEqual({ tick: '2026-03-14T12:34:00Z' });
    },
  );
});

describe('schedule handler', () => {
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

  it('counts the run and the stuck payments', async () => {
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

  it('fails with the error of its work', async () => {
    const handler = scheduleHandler(() => Promise.reject(new Error('the table is gone')), clock);

    await expect(handler({}, {} as Context)).rejects.toThrow('the table is gone');
  });

  it('logs one line, as an error if a recovery failed', async () => {
    const logged = vi.spyOn(logger, 'error');

    await run({ found: { failed: 1 }, overdue: 1, left: 0, faults: ['Error: the bus is down'] });

    expect(logged).toHaveBeenCalledExactlyOnceWith('sweep completed', {
      failed: 1,
      faults: ['Error: the bus is down'],
    });
  });
});
