import { afterAll, beforeAll, expect } from 'vitest';
import { extractMetrics, isInCatalogue } from '../emf.ts';
import { readStackLog } from './stack-log.ts';

let before = 0;

beforeAll(() => {
  before = readStackLog().length;
});

// Registered for each file: the local AWS does not extract metrics from logs, so this check reads them as CloudWatch does.
afterAll(() => {
  const lines = readStackLog().slice(before).split('\n').slice(0, -1);
  const metricLines = lines.filter((line) => line.startsWith('{') && line.includes('"_aws"'));

  const unknownMetrics = metricLines
    .flatMap((line) => extractMetrics(JSON.parse(line)))
    .filter((metric) => !isInCatalogue(metric));
  expect(unknownMetrics).toEqual([]);
});
