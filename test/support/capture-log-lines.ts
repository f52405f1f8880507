import { vi } from 'vitest';
import { extractMetrics } from './emf.ts';

export type LogLine = Readonly<Record<string, unknown>>;

/** Collects the lines that are written to stdout and stderr from now on, parsed, instead of writing them. */
export const captureLogLines = (): LogLine[] => {
  const lines: LogLine[] = [];
  const capture = (chunk: unknown) => {
    lines.push(
      ...`${chunk}`
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );

    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(capture);
  vi.spyOn(process.stderr, 'write').mockImplementation(capture);

  return lines;
};

/** The message of each line, with the metrics that CloudWatch extracts from it. */
export const messagesAndMetrics = (lines: readonly LogLine[]) =>
  lines.map((line) => ({
    message: line.message,
    metrics: extractMetrics(line).map(({ name, dimensions: { service, ...dimensions }, values }) =>
      [name, ...Object.values(dimensions), values.length].join(' '),
    ),
  }));
