import { describe, expect, it, vi } from 'vitest';
import { logger } from '../../../shared/observability/logger.ts';
import { collectLogLines } from '../../simulation/log-lines.ts';

const collected = (log: () => void): string[] => {
  const lines: string[] = [];
  const end = collectLogLines(lines);
  log();
  end();

  return lines;
};

describe('the log lines of a run', () => {
  it('are those of all functions, from level INFO on', () => {
    logger.setLogLevel('SILENT');
    const lines = collected(() => {
      logger.debug('not collected');
      logger.info('first');
      logger.error('second');
    });

    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['first', 'second']);
  });

  it('are collected until the end, and then the level is as before', () => {
    logger.setLogLevel('SILENT');
    const lines = collected(() => logger.info('first'));
    logger.info('later');

    expect(lines).toHaveLength(1);
    expect(logger.getLevelName()).toBe('SILENT');
  });

  it('are not what is written otherwise', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const lines = collected(() => process.stdout.write('a line of the story'));

    expect(lines).toEqual([]);
    expect(write).toHaveBeenCalledWith('a line of the story');
  });
});
