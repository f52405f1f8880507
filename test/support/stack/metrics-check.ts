import { afterAll, beforeAll, expect } from 'vitest';
import { extractMetrics, isInCatalogue } from '../emf.ts';
import { readStackLog } from './stack-log.ts';

let before = 0;

beforeAll(() => {
  before = readStackLog().length;
});

// For each file of the suite: the local AWS takes no metrics out of a log, so what CloudWatch would not find there is found here.
afterAll(() => {
  const lines = readStackLog().slice(before).split('\n').slice(0, -1);
  const metricLines = lines.filter((line) => line.startsWith('{') && line.includes('"_aws"'));

  const unknownMetrics = metricLines
    .flatMap((line) => extractMetrics(JSON.parse(line)))
    .filter((metric) => !isInCatalogue(metric));
  expect(unknownMetrics).toEqual([]);
});
